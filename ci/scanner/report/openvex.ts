import { createHash } from "node:crypto"
import { covers } from "../exceptions.ts"
import { exceptionsFile } from "../exceptions-file.ts"
import type { Exception, Finding, Report, ScanName } from "../model.ts"
import { httpLink } from "./link.ts"
import { imagePurl, packagePurl } from "./purl.ts"
import { compareText, waived } from "./select.ts"
import { placeText, plain } from "./words.ts"

/** The scans whose rules are vulnerabilities; an exception for a Dockerfile's line is none of VEX's matters. */
const advisories: ReadonlySet<ScanName> = new Set(["dependencies", "images"])

/**
 * The accepted vulnerabilities as an OpenVEX 0.2.0 document. Whoever accepts a risk has not shown that it does not
 * exist, so the status is `affected`, with the reason as what is done about it. Undefined when there is nothing to
 * say: the format has no document without statements, and no statement without a product.
 */
export function openVex(report: Report): object | undefined {
  const accepted = acceptedIn(report)
  if (accepted.length === 0) return undefined
  const owners = accepted.map(({ exception }) => plain(exception.owner))
  const content = {
    author: [...new Set(owners)].sort(compareText).join(", "),
    role: "owners of the accepted risks",
    timestamp: report.at,
    version: 1,
    tooling: "Lockstep security-scan",
    statements: accepted.map(statement),
  }
  return { "@context": "https://openvex.dev/ns/v0.2.0", "@id": idOf(content), ...content }
}

/** In the namespace that the format keeps for whoever has none; the same document has the same name. */
function idOf(content: object): string {
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex")
  return `https://openvex.dev/docs/public/vex-${hash}`
}

/** One advisory that one exception covers. */
interface Accepted {
  readonly exception: Exception
  readonly findings: readonly Finding[]
  readonly images: Report["images"]
}

function acceptedIn(report: Report): Accepted[] {
  const findings = waived(report).filter(({ scan }) => advisories.has(scan))
  const all = report.exceptions
    .filter(({ used }) => used)
    .flatMap(exception =>
      byRule(findings.filter(finding => covers(exception, finding))).map(found => ({
        exception,
        findings: found,
        images: report.images.filter(image => concerns(found, image.name)),
      })),
    )
  return all.filter(({ images }) => images.length > 0)
}

function byRule(findings: readonly Finding[]): Finding[][] {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort(compareText)
  return rules.map(name => findings.filter(({ rule }) => rule === name))
}

function statement({ exception, findings, images }: Accepted): object {
  const places = [...new Set(findings.map(finding => plain(placeText(finding))))].sort(compareText)
  return {
    vulnerability: vulnerability(findings),
    products: images.map(image => product(image, findings)),
    status: "affected",
    status_notes: `Accepted in ${exceptionsFile}; found in ${places.join(", ")}.`,
    action_statement: `Accepted until ${exception.expires} by ${plain(exception.owner)}: ${plain(exception.reason)}`,
  }
}

function vulnerability(findings: readonly Finding[]): object {
  const [first] = findings
  const link = httpLink(first?.link)
  const aliases = [...new Set(findings.flatMap(finding => finding.aliases))].sort(compareText)
  return {
    ...(link === undefined ? {} : { "@id": link }),
    name: first?.rule,
    description: plain(first?.title ?? ""),
    ...(aliases.length > 0 ? { aliases } : {}),
  }
}

/** What is in the lockfile can be in any image. */
function concerns(findings: readonly Finding[], image: string): boolean {
  return findings.some(({ place, scan }) => scan === "dependencies" || place.subject === `image ${image}`)
}

function product(image: Report["images"][number], findings: readonly Finding[]): object {
  const purl = imagePurl(image)
  const parts = findings
    .filter(finding => concerns([finding], image.name))
    .flatMap(found => (found.package ? (packagePurl(found.package) ?? []) : []))
  return {
    ...component(purl),
    hashes: { "sha-256": image.digest.replace(/^sha256:/, "") },
    subcomponents: [...new Set(parts)].sort(compareText).map(component),
  }
}

function component(purl: string) {
  return { "@id": purl, identifiers: { purl } }
}
