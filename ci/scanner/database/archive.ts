import AdmZip from "adm-zip"

/** What an archive of advisories holds. */
export interface Archive {
  readonly entries: number
  /** When its newest entry was changed; ISO 8601, UTC. */
  readonly newest: string
}

/**
 * Reads each advisory of an archive and compares its checksum: the scanner skips without a word what it cannot read.
 *
 * @throws Error that says what is wrong with it
 */
export function readArchive(path: string): Archive {
  const files = new AdmZip(path).getEntries().filter(({ entryName }) => entryName.endsWith(".json"))
  const times = files.map(file => modifiedIn(file.getData().toString("utf8"), file.entryName))
  return { entries: files.length, newest: times.reduce((one, two) => (two > one ? two : one), "") }
}

function modifiedIn(text: string, name: string): string {
  const { id, modified } = JSON.parse(text) as { id?: unknown; modified?: unknown }
  const time = typeof modified === "string" ? Date.parse(modified) : Number.NaN
  if (typeof id !== "string" || Number.isNaN(time)) throw new Error(`${name} is not an advisory`)
  return new Date(time).toISOString()
}
