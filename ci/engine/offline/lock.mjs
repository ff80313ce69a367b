import { mkdirSync, rmdirSync, statSync, utimesSync } from "node:fs"
import { PlainError } from "./fail.mjs"
import { cacheDir, lockDir } from "./place.mjs"

const staleMs = 10_000

/**
 * The lock of lib/lock.ts, without the package that it uses there: a folder whose time is renewed by its holder.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusivelyPlain(work) {
  mkdirSync(cacheDir, { recursive: true })
  take()
  const timer = setInterval(() => utimesSync(lockDir, new Date(), new Date()), staleMs / 5)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    rmdirSync(lockDir)
  }
}

function take() {
  try {
    mkdirSync(lockDir)
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error
    if (Date.now() - statSync(lockDir).mtimeMs < staleMs)
      throw new PlainError(
        "KIT_BUSY",
        "another run of the kit is at work on this machine",
        `it holds the lock ${lockDir}`,
        "wait until it has finished, or stop it; after a crash, wait ten seconds and run the same command again",
      )
    utimesSync(lockDir, new Date(), new Date())
  }
}
