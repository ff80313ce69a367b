import type { Finding, Report } from "../../model.ts"
import { httpLink } from "../link.ts"
import { type Remedy, remediesFor } from "../remedies.ts"
import { failing, minor } from "../select.ts"
import { capital, count, packageText, placeText } from "../words.ts"
import { html, type Markup } from "./markup.ts"
import { severityChip, severityChips } from "./severities.ts"

/** What fails the scan, by what mends it. */
export function failingSection(report: Report): Markup | undefined {
  const remedies = remediesFor(failing(report))
  if (remedies.length === 0) return undefined
  return html`
<section class="card" aria-labelledby="failing">
  <h2 id="failing">To mend <span class="note">${size(remedies)}</span></h2>
  ${remedies.map(remedy)}
</section>`
}

/** What does not; folded, since it is not what a person came for. */
export function minorSection(report: Report): Markup | undefined {
  const remedies = remediesFor(minor(report))
  if (remedies.length === 0) return undefined
  return html`
<section class="card" aria-labelledby="minor">
  <details>
    <summary><h2 id="minor">Less than ${report.failOn} <span class="note">${size(remedies)}; does not fail the scan</span></h2></summary>
    ${remedies.map(remedy)}
  </details>
</section>`
}

function size(remedies: readonly Remedy[]): string {
  const findings = remedies.reduce((sum, remedy) => sum + remedy.findings.length, 0)
  return `${count(findings, "finding")}, ${count(remedies.length, "thing")} to do`
}

function remedy({ what, how, through, findings }: Remedy): Markup {
  const comes = through.length > 0 ? `comes with ${through.join(", ")}` : undefined
  const notes = [how, comes].filter(note => note !== undefined).map(capital)
  return html`
<article class="remedy">
  <header><h3>${what}</h3>${findings.length > 1 ? severityChips(findings) : undefined}</header>
  ${notes.map(note => html`<p class="note">${note}</p>`)}
  <ul class="findings">${alike(findings).map(items => findingItem(items, what))}</ul>
</article>`
}

/** The same thing in several places: one item. */
function alike(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const { rule, severity, score, title } = finding
    const key = JSON.stringify([rule, severity, score, title])
    groups.set(key, [...(groups.get(key) ?? []), finding])
  }
  return [...groups.values()]
}

function findingItem(findings: readonly Finding[], what: string): Markup | undefined {
  const [first] = findings
  if (!first) return undefined
  const { severity, score, title, aliases } = first
  const names = aliases.length > 0 ? html` <span class="note">${aliases.join(", ")}</span>` : undefined
  return html`
<li>
  <div>${severityChip(severity)}${score === undefined ? undefined : html` <span class="note numbers">${score.toFixed(1)}</span>`}</div>
  <div>${ruleName(first)}${names}<div>${title}</div>${ownWay(findings, what)}</div>
  <div class="where">${findings.map(finding => where(finding, what))}</div>
</li>`
}

/** What to do where the heading does not say it, and no more than the place is meant by it. */
function ownWay(findings: readonly Finding[], what: string): Markup | undefined {
  const [first] = findings
  if (!first || first.fixed !== undefined || capital(first.todo) === what) return undefined
  const isOne = findings.every(({ todo }) => todo === first.todo)
  return isOne ? html`<div class="note">${first.todo}</div>` : undefined
}

export function ruleName({ rule, link }: Finding): Markup {
  const url = httpLink(link)
  const name = html`<code>${rule}</code>`
  return url === undefined ? name : html`<a href="${url}" rel="noopener noreferrer">${name}</a>`
}

/** Not what the heading has already said. */
function where(finding: Finding, what: string): Markup {
  const { fixed } = finding
  const name = packageText(finding)
  const mended = fixed === undefined || what.endsWith(` ${fixed}`) ? "" : `mended in ${fixed}`
  const place = placeText(finding)
  const lines = [name, place]
    .filter(text => !what.includes(text))
    .concat(mended)
    .filter(Boolean)
  return html`${lines.map((line, index) => html`<div class="${index === 0 ? "" : "note"}">${line}</div>`)}`
}
