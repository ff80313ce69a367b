import { existsSync } from "node:fs"
import { homedir } from "node:os"
import { delimiter, join } from "node:path"
import { execa } from "execa"
import { KitError } from "../lib/errors.ts"
import { isOwnLink, placeOwnLink, removeOwnLink } from "../lib/own-link.ts"
import type { Note } from "../lib/progress.ts"
import { type Artifact, artifactPath } from "../lib/store.ts"
import { versions } from "../versions.ts"

/** Leaves `dagger` of the right version on PATH: the installed one, else a link to the one that the kit compiled. */
export async function ensureCli(binaries: Artifact, note: Note): Promise<void> {
  const link = join(binDir(), "dagger")
  if (!isOwnLink(link) && (await hasCli())) return note("installed already")
  if (existsSync(link) && !isOwnLink(link)) throw otherDagger(link)
  await placeOwnLink(link, join(artifactPath(binaries), "dagger"))
  note(onPath() ? link : `${link}: add ${binDir()} to PATH to call it by its name`)
}

/** Takes the link away if it is the kit's. */
export async function removeCli(): Promise<void> {
  await removeOwnLink(join(binDir(), "dagger"))
}

/** The environment for running `dagger` and what calls it, whether or not its folder is on the user's PATH. */
export function cliEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: [process.env.PATH, binDir()].join(delimiter),
    // Nothing is sent to anyone.
    DO_NOT_TRACK: "1",
    DAGGER_NO_NAG: "1",
  }
}

function binDir(): string {
  return process.getuid?.() === 0 ? "/usr/local/bin" : join(homedir(), ".local", "bin")
}

function onPath(): boolean {
  return (process.env.PATH ?? "").split(delimiter).includes(binDir())
}

/** Whether PATH has a CLI of the right version. */
export async function hasCli(): Promise<boolean> {
  const said = await execa("dagger", ["version"], { reject: false, stdin: "ignore" })
  return String(said.stdout ?? "").split(" ")[1] === `v${versions.dagger}`
}

function otherDagger(path: string): KitError {
  return new KitError("KIT_OTHER_DAGGER", `${path} is another version of Dagger`, {
    why: `this project's engine needs v${versions.dagger}, and the kit does not replace what it did not install`,
    fix: `move ${path} away or put v${versions.dagger} there, then run the same command again`,
  })
}
