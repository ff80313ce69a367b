import { type Report, verdicts } from "../../model.ts"
import { firstSteps } from "../steps.ts"
import { verdictWords } from "../words.ts"
import { icon, verdictLooks } from "./icons.ts"
import { html, type Markup } from "./markup.ts"

export function verdictSection(report: Report): Markup {
  const { title, meaning } = verdictWords(report)
  const look = verdictLooks[report.verdict]
  return html`
<section class="card verdict tone-${look.tone}" aria-labelledby="verdict">
  ${icon(look.icon)}
  <div>
    <h2 id="verdict">${title}</h2>
    <p class="meaning">${meaning}</p>
    ${lines("reasons", report.reasons)}
    <p class="muted">Verdict <code>${report.verdict}</code>, exit code ${verdicts[report.verdict]}. Only <code>clean</code> passes.</p>
  </div>
</section>`
}

/** When another verdict is worse, the missing database must still not be overlooked. */
export function databaseAlarm({ database, verdict }: Report): Markup | undefined {
  if (database || verdict === "no-db") return undefined
  return html`
<section class="card alarm tone-bad" aria-labelledby="no-database">
  <h2 id="no-database">${icon("missing")} No vulnerability database</h2>
  <p>No package was compared with any known vulnerability. That none is listed here does not mean that there is none.</p>
</section>`
}

export function warningsSection({ warnings }: Report): Markup | undefined {
  if (warnings.length === 0) return undefined
  return html`
<section class="card alarm tone-warning" aria-labelledby="warnings">
  <h2 id="warnings">${icon("warning")} Good to know</h2>
  ${lines("warnings", warnings)}
</section>`
}

export function stepsSection(report: Report): Markup | undefined {
  const steps = firstSteps(report)
  if (steps.length === 0) return undefined
  const items = steps.map(({ what, why }) => html`<li><b>${what}</b> <span class="note">${why}</span></li>`)
  return html`
<section class="card" aria-labelledby="steps">
  <h2 id="steps">What to do first</h2>
  <ol class="steps">${items}</ol>
</section>`
}

function lines(name: string, texts: readonly string[]): Markup | undefined {
  if (texts.length === 0) return undefined
  return html`<ul class="${name}">${texts.map(text => html`<li>${text}</li>`)}</ul>`
}
