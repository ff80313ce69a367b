import { type Report, scans } from "../../model.ts"
import { days } from "../words.ts"
import { html, type Markup } from "./markup.ts"

/** What was scanned, against what, with what. */
export function factsSection(report: Report): Markup {
  const { at, commit, dirty, failOn, images } = report
  return html`
<section class="card" aria-labelledby="facts">
  <h2 id="facts">What was scanned</h2>
  <dl class="facts">
    ${fact("Scanned", time(at))}
    ${fact("Fails on", `${failOn} or worse`)}
    ${fact("Commit", html`<code>${commit}</code>${dirty ? html` <b class="tone-warning">with changes that are in no commit</b>` : undefined}`, true)}
    ${images.map(({ name, digest }) => fact(`Image ${name}`, html`<code>${digest}</code>`, true))}
    ${fact("Vulnerability database", databaseText(report), true)}
    ${fact("Tools", toolsText(report), true)}
  </dl>
</section>`
}

function fact(name: string, value: Markup | string, wide = false): Markup {
  return html`<div class="${wide ? "wide" : ""}"><dt>${name}</dt><dd>${value}</dd></div>`
}

function databaseText({ database, maxDbAgeDays }: Report): Markup {
  if (!database) return html`<b class="tone-bad">none</b>`
  const ecosystems = database.ecosystems.map(
    ({ name, entries, newest }) =>
      html`<div class="note">${name}: ${entries.toLocaleString("en")} entries, the newest of ${time(newest)}</div>`,
  )
  return html`${days(database.ageDays)} old (newest entry of ${time(database.newest)}; at most ${days(maxDbAgeDays)})${ecosystems}`
}

function toolsText({ results }: Report): string {
  const tools = new Set(results.map(({ name, version }) => `${scans[name].tool} ${version}`.trim()))
  return [...tools].join(", ")
}

/** 2026-11-26T13:00:00Z as a person writes it. */
export function time(iso: string): string {
  return iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, "$1 $2 UTC")
}
