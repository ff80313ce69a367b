import { mkdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Report } from "../model.ts"
import { reportHtml } from "./html.ts"
import { verdictFile } from "./json.ts"
import { openVex } from "./openvex.ts"
import { sarifLogs } from "./sarif.ts"

/**
 * Writes the report in all its forms into a folder, and gives their names. What an earlier scan left there goes first:
 * a tool that failed now must not be spoken for by its old SARIF file.
 */
export async function writeReport(report: Report, folder: string): Promise<string[]> {
  await rm(join(folder, "sarif"), { recursive: true, force: true })
  await rm(join(folder, "openvex.json"), { force: true })
  await mkdir(join(folder, "sarif"), { recursive: true })
  const files = filesOf(report)
  await Promise.all([...files].map(([name, text]) => writeFile(join(folder, name), text)))
  return [...files.keys()]
}

function filesOf(report: Report): ReadonlyMap<string, string> {
  const vex = openVex(report)
  const logs = [...sarifLogs(report)].map(([tool, log]) => [`sarif/${tool}.sarif`, json(log)] as const)
  return new Map([
    ["index.html", reportHtml(report)],
    ["verdict.json", json(verdictFile(report))],
    ...(vex ? [["openvex.json", json(vex)] as const] : []),
    ...logs,
  ])
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
