import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"

export const diskBytes = 1024 * 1024

/** Mounts an empty disk of one MiB until the test is over; its folder. */
export function smallDisk(): string {
  const folder = mount()
  if (folder === undefined) throw new Error("no disk can be mounted here")
  onTestFinished(() => unmount(folder))
  return folder
}

function mount(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-disk-"))
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${diskBytes}`, "tmpfs", folder])
  if (status === 0) return folder
  rmdirSync(folder)
  return undefined
}

function unmount(folder: string): void {
  execFileSync("umount", ["--lazy", folder])
  rmdirSync(folder)
}

function tryOnce(): boolean {
  const folder = mount()
  if (folder !== undefined) unmount(folder)
  return folder !== undefined
}

/** Whether this process may mount a disk. */
export const canMount = tryOnce()

/** For the names of tests that need a disk of their own. */
export const reason = canMount ? "" : " (skipped: this process may not mount a disk)"
