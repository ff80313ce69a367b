import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { type Finding, type ScanName, type ScanResult, scans } from "./model.ts"

/** What a tool left behind. */
export interface Run {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  /** The folder with the files that it wrote. */
  readonly dir: string
}

/** How to understand one tool. */
export interface Reader {
  readonly version: string
  /** The exit codes with which its output is complete: clean, and with findings. All others are errors of the tool. */
  readonly complete: readonly number[]
  /**
   * @param subject what was looked at, for people: "image backend"
   * @throws Error when the output is not what the tool writes
   */
  read(run: Run, subject: string): { readonly findings: readonly Finding[]; readonly extent: string }
}

/** One look of a tool at one thing. */
export interface Look {
  readonly subject: string
  readonly dir: string
}

/** @throws Error when the tool was not run to its end */
export function readRun(dir: string): Run {
  const file = (name: string) => readFileSync(join(dir, name), "utf8")
  return { exit: Number.parseInt(file("exit"), 10), stdout: file("stdout"), stderr: file("stderr"), dir }
}

/**
 * Puts the looks of one scan together. One that did not come to its end makes an error of all: what the others found
 * would read as if it were everything.
 */
export function scan(name: ScanName, reader: Reader, looks: readonly Look[]): ScanResult {
  const findings: Finding[] = []
  const extents: [string, string][] = []
  for (const { subject, dir } of looks) {
    try {
      const run = readRun(dir)
      if (!reader.complete.includes(run.exit)) throw new Error(`ended with ${run.exit}: ${lastWords(run)}`)
      const { findings: found, extent } = reader.read(run, subject)
      findings.push(...found)
      extents.push([subject, extent])
    } catch (error) {
      const reason = `${scans[name].tool} on ${subject}: ${(error as Error).message}`
      return { name, version: reader.version, state: "error", reason, extent: "", findings: [] }
    }
  }
  return { name, version: reader.version, state: "done", extent: together(extents), findings }
}

/** What was looked at, by name where it is not the same for all. */
function together(extents: readonly (readonly [string, string])[]): string {
  const [first = "", ...others] = new Set(extents.map(([, extent]) => extent))
  if (others.length === 0 && first !== "") return first
  const named = extents.map(([subject, extent]) => `${subject.replace("image ", "")} ${extent}`.trim())
  return [...new Set(named)].join(", ")
}

export function skipped(name: ScanName, version: string, reason: string): ScanResult {
  return { name, version, state: "skipped", reason, extent: "", findings: [] }
}

/** A file that a tool wrote, as JSON; undefined when there is none. */
export function readReport(run: Run, file: string): unknown {
  const path = join(run.dir, file)
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined
}

/** The last line alone often says no more than that something failed. */
function lastWords({ stderr, stdout }: Run): string {
  const lines = (stderr.trim() || stdout.trim()).split("\n").slice(-2)
  return lines.join("; ").slice(0, 400)
}
