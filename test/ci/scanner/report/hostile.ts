import type { Finding, Report } from "../../../../ci/scanner/model.ts"
import { exception, npm, report, result, vulnerability } from "../findings.ts"

const attempts = [
  "<script>document.title = 'taken'</script>",
  "<img src=x onerror=\"document.title='taken'\">",
  '"><svg onload="document.title=\'taken\'">',
  "' onmouseover='document.title=1",
  "</style></title></textarea><script>document.title = 'taken'</script>",
  "\u0000\u001b[31m\u202eevil\ud800",
  "<".repeat(40) + "a".repeat(80),
]
const all = attempts.join(" ")

function finding(text: string, change: Partial<Finding> = {}): Finding {
  return vulnerability({
    ...{ rule: text, aliases: [text], title: text, todo: text, fixed: text, link: `javascript:${text}` },
    ...{ place: { subject: text, file: text, commit: text }, package: npm(text, text), broughtBy: [text] },
    ...change,
  })
}

const findings = attempts.flatMap(text => [
  finding(text),
  finding(text, { severity: "low" }),
  finding(text, { waived: text }),
])

/** Every text of it wants to be more than text. */
export const hostileReport: Report = report({
  ...{ verdict: "findings", reasons: attempts, warnings: attempts, at: all, commit: all, dirty: true },
  images: [{ name: all, digest: all }],
  database: { newest: all, ageDays: 1, ecosystems: [{ name: all, entries: 1, newest: all }] },
  results: [
    result("dependencies", { version: all, extent: all, findings }),
    result("images", { version: all, state: "error", reason: all }),
  ],
  // The day is the one thing that is known to be one: the file's reader takes nothing else.
  exceptions: attempts.map(text => ({
    ...exception({ id: text, package: text, reason: text, owner: text }),
    used: true,
  })),
})
