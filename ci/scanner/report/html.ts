import { createHash } from "node:crypto"
import type { Report } from "../model.ts"
import { exceptionsSection, unmendedSection } from "./html/accepted.ts"
import { factsSection, time } from "./html/facts.ts"
import { failingSection, minorSection } from "./html/findings.ts"
import { icon } from "./html/icons.ts"
import { html, Markup } from "./html/markup.ts"
import { scansSection } from "./html/scans.ts"
import { style } from "./html/style.ts"
import { databaseAlarm, stepsSection, verdictSection, warningsSection } from "./html/verdict.ts"
import { plain, verdictWords } from "./words.ts"

/** Nothing may be loaded or run, and no other style than the page's own applies. */
const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'`

/** The report for a person: one file, without scripts, that needs nothing else. */
export function reportHtml(report: Report): string {
  const { title } = verdictWords(report)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title} · security scan of ${plain(report.commit).slice(0, 12)}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header class="bar">
  ${icon("mark")}
  <h1>Lockstep <span>security scan</span></h1>
  <span class="chip">${[report.commit.slice(0, 12), report.dirty ? "with changes" : ""].join(" ")}</span>
  <span class="note when">${time(report.at)}</span>
</header>
<main>
${databaseAlarm(report)}
${verdictSection(report)}
${stepsSection(report)}
${warningsSection(report)}
${scansSection(report)}
${failingSection(report)}
${exceptionsSection(report)}
${unmendedSection(report)}
${minorSection(report)}
${factsSection(report)}
</main>
<footer class="note">Beside this page: <a href="verdict.json">verdict.json</a> for programs, <code>sarif/</code> for each tool that did all of its work.</footer>
</body>
</html>
`
  return page.text
}
