import { lstatSync, readlinkSync } from "node:fs"
import { mkdir, rm, symlink } from "node:fs/promises"
import { dirname } from "node:path"
import { cacheDir } from "./store.ts"

/** Whether it is a symbolic link that the kit made: one into its cache folder. */
export function isOwnLink(link: string): boolean {
  const stats = lstatSync(link, { throwIfNoEntry: false })
  return stats?.isSymbolicLink() === true && readlinkSync(link).startsWith(cacheDir)
}

/** The caller makes sure that nothing of somebody else's is there. */
export async function placeOwnLink(link: string, target: string): Promise<void> {
  await mkdir(dirname(link), { recursive: true })
  await rm(link, { force: true })
  await symlink(target, link)
}

export async function removeOwnLink(link: string): Promise<void> {
  if (isOwnLink(link)) await rm(link)
}
