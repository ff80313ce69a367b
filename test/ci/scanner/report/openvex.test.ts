import { expect, test } from "vitest"
import { applyExceptions } from "../../../../ci/scanner/exceptions.ts"
import type { Exception, Finding, Report } from "../../../../ci/scanner/model.ts"
import { openVex } from "../../../../ci/scanner/report/openvex.ts"
import { imagePurl, packagePurl } from "../../../../ci/scanner/report/purl.ts"
import { digest, exception, fault, npm, report, result, today, vulnerability } from "../findings.ts"

const images = [
  { name: "backend", digest },
  { name: "edge", digest: `sha256:${"cd".repeat(32)}` },
]
const backend = `pkg:oci/backend@${digest}`

function vex(findings: Finding[], exceptions: Exception[], change: Partial<Report> = {}) {
  const applied = applyExceptions(findings, exceptions, today)
  const results = [result("dependencies", { findings: applied.findings })]
  return openVex(report({ images, results, exceptions: applied.exceptions, ...change })) as
    | Document
    | undefined
}

interface Document {
  readonly "@id": string
  readonly author: string
  readonly statements: readonly { readonly products: readonly { readonly "@id": string }[] }[]
}

test("an accepted vulnerability is affected, with the reason, in every image that can hold it", () => {
  expect(vex([vulnerability()], [exception()])).toEqual({
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": expect.stringMatching(/^https:\/\/openvex\.dev\/docs\/public\/vex-[0-9a-f]{64}$/),
    author: "ada",
    role: "owners of the accepted risks",
    timestamp: "2026-11-26T13:00:00Z",
    version: 1,
    tooling: "Lockstep security-scan",
    statements: [
      {
        vulnerability: {
          "@id": "https://github.com/advisories/GHSA-35jh-r3h4-6jhm",
          name: "GHSA-35jh-r3h4-6jhm",
          description: "Command injection in lodash",
          aliases: ["CVE-2021-23337"],
        },
        products: images.map(({ name, digest }) => ({
          "@id": `pkg:oci/${name}@${digest}`,
          identifiers: { purl: `pkg:oci/${name}@${digest}` },
          hashes: { "sha-256": digest.slice("sha256:".length) },
          subcomponents: [
            { "@id": "pkg:npm/lodash@4.17.20", identifiers: { purl: "pkg:npm/lodash@4.17.20" } },
          ],
        })),
        status: "affected",
        status_notes: "Accepted in security-exceptions.yaml; found in package-lock.json.",
        action_statement: "Accepted until 2026-12-31 by ada: template is not called",
      },
    ],
  })
})

test("what was found in one image is said of that image alone", () => {
  const found = vulnerability({ scan: "images", place: { subject: "image backend", file: "usr/lib/x" } })
  const products = vex([found], [exception()])?.statements[0]?.products.map(product => product["@id"])
  expect(products).toEqual([backend])
})

test("an advisory found twice is one statement; two advisories of one exception are two", () => {
  const other = vulnerability({ rule: "GHSA-other", aliases: ["CVE-2021-23337"] })
  const found = [vulnerability(), vulnerability({ package: npm("lodash", "4.17.19") })]
  expect(vex(found, [exception()])?.statements).toHaveLength(1)
  expect(vex([...found, other], [exception({ id: "CVE-2021-23337" })])?.statements).toHaveLength(2)
})

test.each<[string, Finding[], Exception[], Partial<Report>]>([
  ["no exception is used", [vulnerability()], [exception({ package: "other" })], {}],
  ["the exception has expired", [vulnerability()], [exception({ expires: "2026-01-01" })], {}],
  ["it is no vulnerability", [fault()], [exception({ id: "DL3007", package: "docker/Dockerfile.edge" })], {}],
  [
    "it is a shell in an image, which is no vulnerability either",
    [fault({ scan: "contents", place: { subject: "image backend" } })],
    [exception({ id: "DL3007", package: "image backend" })],
    {},
  ],
  [
    "the exception has expired, and something else waives it now",
    [vulnerability({ waived: "no version mends it" })],
    [exception({ expires: "2026-01-01" })],
    {},
  ],
  ["what is waived is waived for another reason", [vulnerability({ waived: "no version mends it" })], [], {}],
  ["there is no image to say it of", [vulnerability()], [exception()], { images: [] }],
])("there is no document when %s", (_, findings, exceptions, change) => {
  expect(vex(findings, exceptions, change)).toBeUndefined()
})

test("only owners of what is said are its authors", () => {
  const dockerfile = exception({ id: "DL3007", package: "docker/Dockerfile.edge", owner: "bob" })
  expect(vex([vulnerability(), fault()], [exception(), dockerfile])?.author).toBe("ada")
})

test("the same document has the same name, another one another", () => {
  const id = (change: Partial<Exception>, more: Partial<Report> = {}) =>
    vex([vulnerability()], [exception(change)], more)?.["@id"]
  expect(id({})).toBe(id({}))
  expect(id({ reason: "other" })).not.toBe(id({}))
  expect(id({}, { at: "2026-11-27T13:00:00Z" })).not.toBe(id({}))
})

test("packages and images have the names that others know them by", () => {
  expect(packagePurl(npm("@scope/name", "1.0.0"))).toBe("pkg:npm/%40scope/name@1.0.0")
  expect(packagePurl({ ecosystem: "Debian:12", name: "libc6", version: "2.36-9+deb12u1" })).toBe(
    "pkg:deb/debian/libc6@2.36-9+deb12u1?distro=debian-12",
  )
  expect(packagePurl({ ecosystem: "Maven", name: "a:b", version: "1" })).toBeUndefined()
  expect(imagePurl({ name: "backend", digest })).toBe(backend)
})
