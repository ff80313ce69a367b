import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import AdmZip from "adm-zip"
import { type Advisory, advisories } from "./advisories.ts"

/** Of what a hand-written database is made. */
interface Settings {
  /** ISO 8601: of the newest entry. */
  readonly modified: string
  /** As many entries as a real one has at least; they concern packages that nobody has. */
  readonly entries: number
  readonly ecosystems?: readonly string[]
  /** An advisory that is left out. */
  readonly without?: string
}

/** Writes ECOSYSTEM/all.zip for each ecosystem, in the form of OSV's own. */
export async function writeDatabase(
  dir: string,
  { modified, entries, ecosystems = ["npm", "Debian", "Go"], without }: Settings,
): Promise<void> {
  for (const ecosystem of ecosystems) {
    const own = advisories.filter(
      ({ id, affected }) =>
        id !== without &&
        affected.some(({ package: { ecosystem: name } }) => name.split(":")[0] === ecosystem),
    )
    const fillers = Array.from({ length: entries - own.length }, (_, index) => filler(ecosystem, index))
    await mkdir(join(dir, ecosystem), { recursive: true })
    const records = [...own, ...fillers].map(record => ({ ...record, modified, published: modified }))
    await writeFile(join(dir, ecosystem, "all.zip"), zipOf(records))
  }
}

function filler(ecosystem: string, index: number): (typeof advisories)[number] {
  const id = `FILLER-${ecosystem}-${index}`
  const name = `nobody-has-this-${index}`
  return {
    id,
    summary: "Stands for the many entries that concern nobody here",
    affected: [
      {
        package: { ecosystem: ecosystem === "Debian" ? "Debian:12" : ecosystem, name },
        ranges: [{ type: ecosystem === "Debian" ? "ECOSYSTEM" : "SEMVER", events: [{ introduced: "0" }] }],
      },
    ],
  }
}

function zipOf(records: readonly Advisory[]): Buffer {
  const zip = new AdmZip()
  for (const record of records) zip.addFile(`${record.id}.json`, Buffer.from(JSON.stringify(record)))
  return zip.toBuffer()
}
