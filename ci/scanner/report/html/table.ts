import { html, type Markup } from "./markup.ts"

export interface Row {
  /** What the row is about. */
  readonly head: Markup
  /** By the name of their column. */
  readonly cells: Readonly<Record<string, Markup>>
}

/**
 * The rows become cards on a narrow page, and some browsers forget then what a table is, unless roles say it.
 *
 * @param label the id of the heading that names it
 */
export function table(label: string, first: string, rows: readonly Row[]): Markup {
  const columns = [first, ...Object.keys(rows[0]?.cells ?? {})]
  return html`
<table role="table" aria-labelledby="${label}">
  <thead role="rowgroup">
    <tr role="row">${columns.map(column => html`<th scope="col" role="columnheader">${column}</th>`)}</tr>
  </thead>
  <tbody role="rowgroup">${rows.map(rowMarkup)}</tbody>
</table>`
}

function rowMarkup({ head, cells }: Row): Markup {
  return html`
<tr role="row">
  <th scope="row" role="rowheader">${head}</th>
  ${Object.entries(cells).map(([column, cell]) => html`<td role="cell" data-label="${column}">${cell}</td>`)}
</tr>`
}
