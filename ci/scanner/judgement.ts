import { readdirSync } from "node:fs"
import { join } from "node:path"
import { databaseFaults, neededEcosystems } from "./database/preflight.ts"
import { databaseState, inspectDatabase } from "./database/state.ts"
import { applyExceptions } from "./exceptions.ts"
import { readResults } from "./inputs.ts"
import type { DatabaseState, Exception, Report, Request, ScanResult } from "./model.ts"
import { readSbom } from "./sbom.ts"
import { ageWarning, judge } from "./verdict.ts"

export interface Material {
  /** The folder of the tools' runs. */
  readonly runs: string
  /** The folder of the lockfiles. */
  readonly lockfiles: string
  /** A folder of ECOSYSTEM/all.zip; undefined when none was given. */
  readonly database: string | undefined
  readonly exceptions: readonly Exception[]
}

/** Reads all that the tools left behind and says what it comes to. */
export function report(request: Request, material: Material, now: Date): Report {
  const { faults, state } = inspect(material, now)
  const found = readResults(material, faults.length > 0 ? faults.join("; ") : undefined)
  const applied = applyExceptions(
    found.flatMap(({ findings }) => findings),
    material.exceptions,
    now.toISOString().slice(0, 10),
    // What is skipped for want of anything to look at, such as workflows, leaves nothing unknown.
    faults.length === 0 && found.every(({ state }) => state !== "error"),
  )
  const results = withFindings(found, applied.findings)
  const { failOn, maxDbAgeDays } = request
  const { verdict, reasons } = judge({
    results,
    databaseFaults: faults,
    database: state,
    expired: applied.reasons,
    failOn,
    maxDbAgeDays,
  })
  return {
    verdict,
    reasons,
    warnings: [...ageWarning(state), ...applied.warnings],
    at: now.toISOString(),
    ...request,
    ...(state && { database: state }),
    results,
    exceptions: applied.exceptions,
  }
}

function inspect(
  { runs, database }: Material,
  now: Date,
): { faults: readonly string[]; state: DatabaseState | undefined } {
  if (database === undefined) return { faults: ["no vulnerability database was given"], state: undefined }
  const folder = join(runs, "sbom")
  const components = readdirSync(folder).flatMap(name => readSbom(join(folder, name)))
  const archives = inspectDatabase(database, neededEcosystems(components))
  const faults = databaseFaults(archives, join(runs, "canary"))
  return { faults, state: faults.length > 0 ? undefined : databaseState(archives, now) }
}

/** @param findings those of all results, one after the other */
function withFindings(results: readonly ScanResult[], findings: readonly ScanResult["findings"][number][]) {
  let start = 0
  return results.map(result => {
    const own = findings.slice(start, start + result.findings.length)
    start += own.length
    return { ...result, findings: own }
  })
}
