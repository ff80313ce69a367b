import type { Finding, Place } from "../model.ts"
import { levels } from "./sarif-rule.ts"
import { packageText, placeText, plain } from "./words.ts"

export function sarifResult(finding: Finding, ruleIndex: number, fingerprint: string): object {
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: message(finding) },
    locations: [location(finding)],
    // The name under which GitHub looks for it, and the only one; else it makes its own, of the line's text.
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    // Empty says that it is not suppressed; left out would say that nobody knows.
    suppressions: suppressions(finding),
    properties: {
      severity: finding.severity,
      where: placeText(finding),
      ...(finding.package ? { package: finding.package } : {}),
      ...(finding.fixed === undefined ? {} : { fixed: finding.fixed }),
      ...(finding.broughtBy ? { broughtBy: finding.broughtBy } : {}),
    },
  }
}

function message(finding: Finding): string {
  const subject = [packageText(finding), placeText(finding)].filter(Boolean).join(" in ")
  return plain(`${subject}: ${finding.title}. To do: ${finding.todo}`)
}

function suppressions({ waived }: Finding): object[] {
  return waived === undefined ? [] : [{ kind: "external", status: "accepted", justification: plain(waived) }]
}

function location({ place, package: found }: Finding): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(place) },
      // GitHub asks for a line; a finding of a whole file is shown at its top.
      region: { startLine: place.line ?? 1 },
    },
    ...(found
      ? { logicalLocations: [{ name: found.name, fullyQualifiedName: `${found.ecosystem}/${found.name}` }] }
      : {}),
  }
}

/**
 * The path in the repository; of what is in an image, a path that no file of the repository has: image/backend/usr/bin/su.
 * Always relative, and never out of where it starts.
 */
export function uriOf({ subject, file }: Place): string {
  const image = /^image (.+)$/s.exec(subject)?.[1]
  const path = image === undefined ? (file ?? subject) : `image/${image}/${file ?? ""}`
  const segments = path.split("/").filter(segment => !["", ".", ".."].includes(segment))
  return segments.map(encodeSegment).join("/") || "unknown"
}

/** Half a character, which a broken file name may hold, cannot be encoded. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Cs}/gu, "\ufffd"))
}
