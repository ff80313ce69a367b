import type { Finding, Severity } from "../model.ts"
import type { Reader } from "../run.ts"
import { wheels } from "../tools.ts"

interface Audit {
  readonly ident: string
  readonly desc: string
  readonly url: string
  readonly determinations: { readonly severity: string }
  readonly locations: readonly Location[]
}

interface Location {
  readonly symbolic: {
    readonly key: { readonly Local?: { readonly verbatim_path: string } }
    readonly annotation: string
    readonly kind: string
  }
  readonly concrete: { readonly location: { readonly start_point: { readonly row: number } } }
}

const severity: Record<string, Severity> = {
  High: "high",
  Medium: "medium",
  Low: "low",
  Informational: "low",
}

/** 11 to 14 say how severe the worst finding is. */
export const zizmor: Reader = {
  version: wheels.zizmor.version,
  complete: [0, 11, 12, 13, 14],
  read(run, subject) {
    return { findings: (JSON.parse(run.stdout) as Audit[]).map(finding), extent: subject }
  },
}

function finding({ ident, desc, url, determinations, locations }: Audit): Finding {
  const main = locations.find(({ symbolic }) => symbolic.kind === "Primary") ?? locations[0]
  const file = (main?.symbolic.key.Local?.verbatim_path ?? "").replace(/^\.\//, "")
  const line = (main?.concrete.location.start_point.row ?? 0) + 1
  return {
    scan: "workflows",
    rule: ident,
    aliases: [],
    severity: severity[determinations.severity] ?? "unknown",
    place: { subject: file, file, line },
    title: `${desc}: ${main?.symbolic.annotation ?? ""}`,
    todo: `change line ${line} of ${file}; the link says how`,
    link: url,
  }
}
