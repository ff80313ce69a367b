import { existsSync } from "node:fs"
import { join } from "node:path"
import type { DatabaseState } from "../model.ts"
import { readArchive } from "./archive.ts"

/** What is known of an ecosystem's archive: its content, or why it cannot be used. */
export type ArchiveState =
  | { readonly name: string; readonly entries: number; readonly newest: string }
  | { readonly name: string; readonly fault: string }

/**
 * Fewer entries than this are no database: each of these ecosystems has many times as many. An archive that was cut off,
 * or made for a test, would call every package clean.
 */
export const floor = 1000

/** Looks at the archive of each ecosystem, in a folder of ECOSYSTEM/all.zip. */
export function inspectDatabase(dir: string, ecosystems: readonly string[]): ArchiveState[] {
  return ecosystems.map(name => {
    const path = join(dir, name, "all.zip")
    if (!existsSync(path)) return { name, fault: `${name}/all.zip is missing` }
    try {
      const { entries, newest } = readArchive(path)
      if (entries >= floor) return { name, entries, newest }
      return { name, fault: `${name}/all.zip has ${entries} entries, not at least ${floor}` }
    } catch (error) {
      return { name, fault: `${name}/all.zip cannot be read: ${(error as Error).message}` }
    }
  })
}

const day = 86_400_000

/** As old as the archive whose newest entry is oldest. */
export function databaseState(archives: readonly ArchiveState[], now: Date): DatabaseState | undefined {
  const ecosystems = archives.flatMap(archive => ("fault" in archive ? [] : [archive]))
  if (ecosystems.length === 0 || ecosystems.length < archives.length) return undefined
  const newest = ecosystems.map(one => one.newest).reduce((one, two) => (two < one ? two : one))
  return { newest, ageDays: (now.getTime() - Date.parse(newest)) / day, ecosystems }
}
