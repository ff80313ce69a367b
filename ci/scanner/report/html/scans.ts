import { type Report, type ScanResult, scans } from "../../model.ts"
import { capital, extentText } from "../words.ts"
import { icon, stateLooks } from "./icons.ts"
import { html, type Markup } from "./markup.ts"
import { severityChips } from "./severities.ts"
import { type Row, table } from "./table.ts"

export function scansSection({ results }: Report): Markup {
  return html`
<section class="card" aria-labelledby="scans">
  <h2 id="scans">Scans</h2>
  ${table("scans", "Scan", results.map(row))}
</section>`
}

function row(result: ScanResult): Row {
  const { name, version, state } = result
  const look = stateLooks[state]
  const { title, tool } = scans[name]
  return {
    head: html`${capital(title)} <span class="note">${name}: ${tool} ${version}</span>`,
    cells: {
      State: html`<span class="state tone-${look.tone}">${icon(look.icon)} ${state}</span>`,
      "Looked at": html`${extentText(result)}`,
      Found: found(result),
    },
  }
}

/** Of what was not looked at nothing is known; that is no zero. */
function found({ state, findings }: ScanResult): Markup {
  const open = findings.filter(({ waived }) => waived === undefined)
  const waived = findings.length - open.length
  const chips = open.length > 0 ? severityChips(open) : undefined
  const rest = waived > 0 ? html` <span class="note numbers">${waived} waived</span>` : undefined
  if (chips || rest) return html`${chips}${rest}`
  return state === "done" ? html`<span class="muted">nothing</span>` : html`<b>not known</b>`
}
