import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { actionlint } from "../../../ci/scanner/read/actionlint.ts"
import { apt } from "../../../ci/scanner/read/apt.ts"
import { gitleaks } from "../../../ci/scanner/read/gitleaks.ts"
import { hadolint } from "../../../ci/scanner/read/hadolint.ts"
import { osvScanner } from "../../../ci/scanner/read/osv.ts"
import { policy } from "../../../ci/scanner/read/policy.ts"
import { zizmor } from "../../../ci/scanner/read/zizmor.ts"
import { type Reader, scan } from "../../../ci/scanner/run.ts"

let dir: string
let count = 0

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "lockstep-runs-"))
})

afterAll(() => rm(dir, { recursive: true }))

interface Left {
  exit?: number
  stdout?: string
  stderr?: string
  files?: Record<string, string>
}

/** The folder of a run, as the containers of the tools leave it. */
async function run({ exit = 0, stdout = "", stderr = "", files = {} }: Left): Promise<string> {
  const own = join(dir, String(count++))
  await mkdir(own)
  const all = { exit: `${exit}\n`, stdout, stderr, ...files }
  for (const [name, text] of Object.entries(all)) await writeFile(join(own, name), text)
  return own
}

async function looked(reader: Reader, left: Left, subject = "image backend") {
  return scan("images", reader, [{ subject, dir: await run(left) }])
}

const scanned = "Scanned /scanned/bom.cdx.json file and found 244 packages\n"
const nothing = JSON.stringify({ results: [] })

describe("what a tool says is an error when", () => {
  test.each([
    ["osv-scanner has no database", osvScanner("images"), { exit: 127, stdout: nothing, stderr: scanned }],
    ["osv-scanner saw no package", osvScanner("images"), { exit: 128, stdout: nothing }],
    ["osv-scanner does not say what it saw", osvScanner("images"), { stdout: nothing }],
    ["osv-scanner saw 0 packages", osvScanner("images"), { stdout: nothing, stderr: "found 0 packages" }],
    ["osv-scanner says nothing", osvScanner("images"), { stderr: scanned }],
    ["gitleaks wrote no report", gitleaks, {}],
    ["gitleaks broke off", gitleaks, { exit: 1, files: { "report.json": "[]" } }],
    ["gitleaks wrote another thing", gitleaks, { files: { "report.json": "{}" } }],
    ["hadolint broke off", hadolint, { exit: 2, stdout: "[]" }],
    ["hadolint says nothing", hadolint, { exit: 1 }],
    ["zizmor found nothing to read", zizmor, { exit: 3, stdout: "[]" }],
    ["zizmor could not parse a workflow", zizmor, { exit: 1 }],
    ["actionlint could not read a file", actionlint, { exit: 3, stdout: "[]" }],
    ["apt has no lists", apt, { stdout: "Listing..." }],
    [
      "apt could not fetch lists",
      apt,
      { exit: 100, files: { dates: "Date: Thu, 26 Nov 2026 08:00:00 UTC" } },
    ],
    ["the policy broke off", policy, { exit: 1, stderr: "Error" }],
  ] as const)("%s", async (_, reader, left) => {
    const result = await looked(reader, left)
    expect(result).toMatchObject({ state: "error", findings: [] })
    expect(result.reason).toMatch(/ on image backend: ./)
  })

  test("a run is not there at all", () => {
    const result = scan("secrets", gitleaks, [{ subject: "tree", dir: join(dir, "none") }])
    expect(result.state).toBe("error")
  })

  test("one of several looks failed: what the others found would read as if it were all", async () => {
    const good = { files: { "report.json": JSON.stringify([leak]) } }
    const dirs = [await run(good), await run({ exit: 2 })]
    const result = scan(
      "secrets",
      gitleaks,
      dirs.map(one => ({ subject: "tree", dir: one })),
    )
    expect(result).toMatchObject({ state: "error", findings: [] })
  })
})

const leak = {
  ...{ RuleID: "aws-access-token", Description: "Found a key", File: "app/a.ts", StartLine: 3 },
  ...{ Commit: "0123456789abcdef0123", Secret: "REDACTED", Match: "REDACTED" },
}

test("a secret is named by its file, whose exception holds in tree and history; one in an image by that", async () => {
  const left = { files: { "report.json": JSON.stringify([leak]) } }
  const [inHistory] = (await looked(gitleaks, left, "history")).findings
  expect(inHistory).toMatchObject({
    rule: "aws-access-token",
    severity: "critical",
    place: { subject: "app/a.ts", file: "app/a.ts", line: 3, commit: "0123456789ab" },
  })
  const [inImage] = (await looked(gitleaks, left, "image edge")).findings
  expect(inImage?.place).toMatchObject({ subject: "image edge", file: "app/a.ts" })
})

test("of apt's upgrades those of the security archive count", async () => {
  const lines = [
    "Listing...",
    "libc6/stable-security 2.36-9+deb12u13 amd64 [upgradable from: 2.36-9+deb12u10]",
    "tzdata/stable-updates 2026a-0+deb12u1 all [upgradable from: 2025b-0+deb12u1]",
  ]
  const dates = "Date: Wed, 25 Nov 2026 20:00:00 UTC\nDate: Sat, 12 Sep 2026 09:00:00 UTC\n"
  const result = await looked(apt, { stdout: lines.join("\n"), files: { dates } })
  expect(result.extent).toBe("lists of 2026-11-25")
  expect(result.findings).toMatchObject([{ package: { name: "libc6" }, fixed: "2.36-9+deb12u13" }])
})

describe("osv-scanner", () => {
  const affected = (change: object = {}, group: object = {}) => ({
    package: { name: "ws", version: "8.16.0", ecosystem: "npm" },
    vulnerabilities: [
      {
        id: "GHSA-3h5v-q93c-6h6q",
        summary: "ws affected by a DoS",
        affected: [
          {
            package: { name: "ws", ecosystem: "npm" },
            ranges: [
              { events: [{ introduced: "5.0.0" }, { fixed: "5.2.4" }] },
              { events: [{ fixed: "8.17.1" }] },
            ],
          },
          { package: { name: "ws-fork", ecosystem: "npm" }, ranges: [{ events: [{ fixed: "8.16.1" }] }] },
        ],
      },
    ],
    groups: [{ ids: ["GHSA-3h5v-q93c-6h6q"], aliases: ["CVE-2024-37890"], max_severity: "7.5", ...group }],
    ...change,
  })

  async function found(...packages: object[]) {
    const stdout = JSON.stringify({ results: [{ packages }] })
    return (await looked(osvScanner("images"), { exit: 1, stdout, stderr: scanned })).findings
  }

  test("names the mended version of the package's own line, and of no other package", async () => {
    expect(await found(affected())).toMatchObject([
      {
        rule: "GHSA-3h5v-q93c-6h6q",
        aliases: ["CVE-2024-37890"],
        severity: "high",
        score: 7.5,
        fixed: "8.17.1",
      },
    ])
  })

  test.each([
    ["9.8", "critical"],
    ["9.0", "critical"],
    ["8.9", "high"],
    ["4.0", "medium"],
    ["3.9", "low"],
    ["", "unknown"],
  ])("takes a score of %j for %s", async (max_severity, severity) => {
    expect(await found(affected({}, { max_severity }))).toMatchObject([{ severity }])
  })

  test("takes the database's word where there is no score", async () => {
    const vulnerabilities = [{ id: "GHSA-3h5v-q93c-6h6q", database_specific: { severity: "MODERATE" } }]
    expect(await found(affected({ vulnerabilities }, { max_severity: "" }))).toMatchObject([
      { severity: "medium" },
    ])
  })

  test("waives what Debian has not mended yet, and nothing else that has no mended version", async () => {
    const unmended = (ecosystem: string) =>
      affected({ package: { name: "x", version: "1", ecosystem }, vulnerabilities: [] })
    const [debian, npm] = await found(unmended("Debian:12"), unmended("npm"))
    expect(debian?.waived).toBe("Debian has no mended version yet")
    expect(npm).toMatchObject({ todo: expect.stringContaining("no mended version") })
    expect(npm?.waived).toBeUndefined()
  })
})
