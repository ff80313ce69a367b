import { covers } from "../../exceptions.ts"
import type { Exception, Finding, Report } from "../../model.ts"
import { waived } from "../select.ts"
import { count, packageText, placeText } from "../words.ts"
import { ruleName } from "./findings.ts"
import { html, type Markup } from "./markup.ts"
import { severityChip } from "./severities.ts"
import { type Row, table } from "./table.ts"

/** Every exception, in use or not, with who answers for it. */
export function exceptionsSection(report: Report): Markup | undefined {
  const { exceptions, at } = report
  if (exceptions.length === 0) return undefined
  const rows = exceptions.map(exception => exceptionRow(exception, report, at.slice(0, 10)))
  return html`
<section class="card" aria-labelledby="exceptions">
  <h2 id="exceptions">Accepted risks <span class="note">${count(exceptions.length, "exception")}</span></h2>
  ${table("exceptions", "Exception", rows)}
</section>`
}

function exceptionRow(exception: Exception & { used: boolean }, report: Report, today: string): Row {
  const { id, package: name, reason, owner, expires, used } = exception
  const covered = used ? waived(report).filter(finding => covers(exception, finding)) : []
  const state =
    expires < today ? html`<b class="tone-bad">expired</b>` : html`<span class="muted">nothing</span>`
  return {
    head: html`<code>${id}</code> <span class="note">${name}</span>`,
    cells: {
      Reason: html`${reason}`,
      Owner: html`${owner}`,
      Until: html`<span class="numbers">${expires}</span>`,
      Covers: covered.length > 0 ? html`${covered.map(coveredItem)}` : state,
    },
  }
}

function coveredItem(finding: Finding): Markup {
  const subject = [packageText(finding), placeText(finding)].filter(Boolean).join(" in ")
  return html`<div>${severityChip(finding.severity)} <span class="note">${subject}</span></div>`
}

/** What is waived without anybody's decision: mostly what nobody can mend yet. */
export function unmendedSection(report: Report): Markup | undefined {
  const accepted = report.exceptions.filter(({ used }) => used)
  const rest = waived(report).filter(finding => !accepted.some(exception => covers(exception, finding)))
  if (rest.length === 0) return undefined
  const items = rest.map(
    finding => html`
<li>
  <div>${severityChip(finding.severity)}</div>
  <div>${ruleName(finding)} <span class="note">${finding.aliases.join(", ")}</span><div>${finding.title}</div><div class="note">${finding.waived}</div></div>
  <div class="where"><div>${packageText(finding)}</div><div class="note">${placeText(finding)}</div></div>
</li>`,
  )
  return html`
<section class="card" aria-labelledby="waived">
  <details>
    <summary><h2 id="waived">Waived <span class="note">${count(rest.length, "finding")}; does not fail the scan</span></h2></summary>
    <ul class="findings">${items}</ul>
  </details>
</section>`
}
