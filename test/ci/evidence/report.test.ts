import { describe, expect, it } from "vitest"
import { type Envelope, seal } from "../../../ci/deployer/evidence/envelope.ts"
import { type Statement, statementOf } from "../../../ci/deployer/evidence/statement.ts"
import { provenance } from "../../../ci/evidence/provenance.ts"
import { attachedText, rowTable, verifiedText } from "../../../ci/evidence/report.ts"
import { rowOf } from "../../../ci/evidence/row.ts"
import { altered, checksOf, keyPair } from "../../evidence/samples.ts"

const image = { name: "backend", digest: `sha256:${"a".repeat(64)}` }
const ours = keyPair()
const [test] = checksOf(image, new Date("2026-01-01")) as [Statement]
const origin = {
  ...{ image, commit: "c".repeat(40), dirty: false, runtime: "slim", engine: "v1" },
  bases: [],
}
const own = seal(test, ours.secret)
const id = own.signatures[0]?.keyid ?? ""
const short = id.slice(0, 12)

function line(envelope: Envelope | undefined, key: string | undefined = ours.open): string {
  const row = rowOf({ digest: "sha256:x", envelope }, image.digest, key)
  return rowTable([row]).split("\n")[1]?.replace(/ {2,}/g, " | ") ?? ""
}

const spdx = (predicate: unknown) =>
  seal(statementOf("https://spdx.dev/Document", [image], predicate), undefined)

describe("a row says what it is, who signed it and what it comes to", () => {
  const other = checksOf({ ...image, digest: `sha256:${"b".repeat(64)}` })[0] as Statement

  it.each([
    ["a check", own, `test | ${short} | 2026-01-01T00:00:00.000Z | PASSED`],
    ["a provenance", seal(provenance(origin), ours.secret), `provenance | ${short} | commit cccccccccccc`],
    ["an SBOM", spdx({ creationInfo: { created: "2026" } }), "SBOM SPDX | UNSIGNED | 2026 | stated"],
    [
      "anything else",
      seal(statementOf("https://x/y", [image], null), undefined),
      "https://x/y | UNSIGNED | stated",
    ],
    [
      "one that was altered",
      altered(own, text => text.replace("PASSED", "FAILED")),
      new RegExp(`${short}, ALTERED .*FAILED`),
    ],
    ["one of another key", seal(test, keyPair().secret), /^test \| \w{12}, another key \|/],
    ["one of another image", seal(other, ours.secret), /of other digests$/],
    ["one that is no statement", { ...own, payload: "AAAA" }, "unknown | UNSIGNED | unreadable"],
    ["one that cannot be read", undefined, "unknown | UNSIGNED | unreadable"],
  ])("%s", (_, envelope, expected) => expect(line(envelope)).toMatch(expected))

  it("keeps control characters and long words of strangers from the terminal", () => {
    const hostile = statementOf(`\u001b[2J${"x".repeat(200)}`, [image], {})
    expect(line(seal(hostile, undefined))).toMatch(/^\?\[2Jx{59}… \| UNSIGNED \| stated$/)
  })
})

describe("the result", () => {
  const evidence = [rowOf({ digest: "sha256:x", envelope: own }, image.digest, undefined)]
  const verified = { reference: "r/x@sha256:y", digest: image.digest, checks: ["test", "policy"], evidence }

  it("names the key that counted", () => {
    expect(verifiedText({ ...verified, keyId: id })).toContain(
      `r/x@sha256:y passed test, policy\n  signed with the key ${short}`,
    )
  })

  it("says so when signatures did not count", () => {
    expect(verifiedText({ ...verified, keyId: undefined })).toMatch(
      /, not checked.*\n.*\n.*signatures did not count/,
    )
  })

  it("of attaching says what was there, and when nothing is signed", () => {
    const attached = { image: "edge", added: 2, present: 1 }
    expect(attachedText(attached, true)).toBe("evidence of edge: 2 statements attached, 1 there already")
    expect(attachedText(attached, false)).toContain("UNSIGNED")
  })
})
