import { createHash } from "node:crypto"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import type { Report } from "../../../../ci/scanner/model.ts"
import { html } from "../../../../ci/scanner/report/html/markup.ts"
import { reportHtml } from "../../../../ci/scanner/report/html.ts"
import { runsOf } from "../../policy/runs.ts"
import { report, result, vulnerability } from "../findings.ts"
import { hostileReport } from "./hostile.ts"
import { samples } from "./samples.ts"

/** All elements that a page has, without its text and style. */
function tags(page: string): string[] {
  return page.replace(/<style>.*<\/style>/s, "").match(/<[^>]*>/g) ?? []
}

function names(page: string): Set<string> {
  return new Set(tags(page).map(tag => /^<\/?([a-z0-9]+)/i.exec(tag)?.[1] ?? tag))
}

/** What a reader sees of a section, by the id of its heading. */
function section(page: string, id: string): string {
  const [, found = ""] =
    new RegExp(`<section[^>]*aria-labelledby="${id}">(.*?)</section>`, "s").exec(page) ?? []
  return found
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
}

const all = Object.entries(samples)

describe.each(all)("the page of %s", (_, sample) => {
  const page = reportHtml(sample)

  it("stands alone: no script, nothing that is loaded, and a policy that would stop both", () => {
    expect([...names(page)]).not.toContain("script")
    expect(tags(page).filter(tag => /\s(src|srcset|style|on\w+)=/i.test(tag))).toEqual([])
    expect(page).not.toMatch(/url\(|@import/)
    const [, style = ""] = /<style>(.*)<\/style>/s.exec(page) ?? []
    const hash = createHash("sha256").update(style).digest("base64")
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    )
  })

  it("has each heading once, closes what it opens, and is the same for the same report", () => {
    const open = tags(page).filter(tag => /^<(section|table|tr|ul|li|div|article|details)\b/.test(tag))
    const closed = tags(page).filter(tag => /^<\/(section|table|tr|ul|li|div|article|details)>/.test(tag))
    expect(closed).toHaveLength(open.length)
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(match => match[1])
    expect(new Set(ids).size).toBe(ids.length)
    expect(reportHtml(sample)).toBe(page)
  })
})

test.each([
  ["clean", "Clean Everything was looked at"],
  ["findings", "17 open findings They are of severity high or worse."],
  ["noDatabase", "No vulnerability database Known vulnerabilities in packages were not looked for."],
  ["toolError", "The scan of images failed What it was to look at was not looked at"],
  [
    "staleDatabase",
    "Vulnerability database too old Its newest entry is 9.2 days old, and 5 days is the most.",
  ],
] as const)("%s: the verdict comes first and says what it means", (name, words) => {
  const page = reportHtml(samples[name])
  expect(section(page, "verdict")).toContain(words)
  expect(section(page, "verdict")).toContain(`Verdict ${samples[name].verdict} , exit code`)
  expect(page.indexOf('id="verdict"')).toBe(page.search(/ id="/) + 1)
})

test("a scan that fails without an open finding is not called clean", () => {
  const page = reportHtml(report({ verdict: "findings", reasons: ["the exception a of b expired"] }))
  expect(section(page, "verdict")).toContain(
    "Not clean No single finding fails the scan, but what is said below does.",
  )
  expect(section(page, "verdict")).toContain("the exception a of b expired")
})

test("without a database that is said before a worse verdict too", () => {
  const { database: _, ...rest } = samples.toolError
  const page = reportHtml(rest)
  expect(page.indexOf('id="no-database"')).toBeGreaterThan(0)
  expect(page.indexOf('id="no-database"')).toBeLessThan(page.indexOf('id="verdict"'))
  expect(reportHtml(samples.noDatabase)).not.toContain('id="no-database"')
})

test("of a scan that was not made nothing is known", () => {
  expect(section(reportHtml(samples.noDatabase), "scans")).toContain(
    "osv-scanner 1.2.3 skipped nothing: there is no vulnerability database not known",
  )
  expect(section(reportHtml(samples.clean), "scans")).not.toContain("not known")
})

test("three advisories that one upgrade mends are one thing to do", () => {
  const text = section(reportHtml(samples.findings), "failing")
  expect(text.match(/Upgrade lodash/g)).toHaveLength(1)
  expect(text).toContain(
    "Upgrade lodash 4.17.15 to 4.17.21 3 high npm install lodash@4.17.21 Comes with legacy-forms@2.1.0, report-tables@0.9.4 high 7.4 GHSA-p6mc-m468-83gw",
  )
  expect(text).toContain("To mend 17 findings, 9 things to do")
})

test("each finding stands on the page, those that fail it, those that do not, and those that are waived", () => {
  const page = reportHtml(samples.findings)
  const found = samples.findings.results.flatMap(({ findings }) => findings)
  expect(found).toHaveLength(40)
  for (const { rule, title } of found) {
    expect(page).toContain(rule === "GHSA-xvch-5gv4-984h" ? "minimist 1.2.5" : title)
  }
})

test("accepted risks are listed with reason, owner and last day; expired and unused ones say so", () => {
  const text = section(reportHtml(samples.findings), "exceptions")
  expect(text).toContain(
    "CVE-2021-44906 minimist only build scripts call it, with arguments that stand in the repository Ada Lovelace 2026-12-31 critical minimist 1.2.5 in package-lock.json",
  )
  expect(text).toContain("Grace Hopper 2026-11-20 expired")
  expect(text).toMatch(/DL3059 .* 2026-12-31 nothing$/)
  expect(section(reportHtml(samples.findings), "waived")).toContain("nobody has mended it yet")
})

test("says what was scanned, of which day the database is, and with what", () => {
  const text = section(reportHtml(samples.findings), "facts")
  for (const { digest } of samples.findings.images) expect(text).toContain(digest)
  expect(text).toContain(`${samples.findings.commit} with changes that are in no commit`)
  expect(text).toContain("0.6 days old (newest entry of 2026-11-25 22:41 UTC; at most 5 days)")
  expect(text).toContain("npm: 218,342 entries")
  expect(text).toContain("osv-scanner 1.2.3, apt 1.2.3")
})

test("whatever a report holds is text on the page: it has the elements of a harmless one, and no more", () => {
  const page = reportHtml(hostileReport)
  expect([...names(page)].filter(name => !names(reportHtml(samples.findings)).has(name))).toEqual([])
  expect(tags(page).filter(tag => /\s(src|style|on\w+)=/i.test(tag))).toEqual([])
  expect(page).toContain("&lt;script&gt;")
  expect([...page.matchAll(/href="([^"]*)"/g)].map(match => match[1])).toEqual(["verdict.json"])
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that must not be there.
  expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\ud800-\udfff]/)
})

test("no value can end the text or the attribute that it stands in", () => {
  const odd = fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", "/", "script", " ", "=", "a") })
  fc.assert(
    fc.property(odd, text => {
      const { text: written } = html`<p title="${text}">${text}</p>`
      expect(written.match(/<[^>]*>/g)).toHaveLength(2)
      expect(written.match(/"/g)).toHaveLength(2)
      expect(written).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/)
    }),
    runsOf("markup"),
  )
})

test("links are those of http alone", () => {
  const page = (link: string) => {
    const given: Report = report({
      results: [result("dependencies", { findings: [vulnerability({ link })] })],
    })
    return reportHtml(given)
  }
  expect(page("https://osv.dev/x?a=1&b=2")).toContain('href="https://osv.dev/x?a=1&amp;b=2"')
  for (const link of [
    "javascript:alert(1)",
    "data:text/html,x",
    "/relative",
    "file:///etc/passwd",
    "JaVaScRiPt:x",
  ])
    expect(page(link).match(/href=/g)).toHaveLength(1)
})
