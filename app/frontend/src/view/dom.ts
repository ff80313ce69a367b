/** The element of index.html with this id. @throws Error when the page has none of this kind */
export function byId<T extends Element>(id: string, kind: new () => T): T {
  const element = document.getElementById(id)
  if (!(element instanceof kind)) throw new Error(`index.html has no ${kind.name} #${id}`)
  return element
}

/** The element marked `data-slot="name"` below the root. @throws Error when there is none */
export function slot(root: ParentNode, name: string): Element {
  return find(root, `[data-slot="${name}"]`)
}

export function find(root: ParentNode, selector: string): Element {
  const element = root.querySelector(selector)
  if (!element) throw new Error(`index.html has no ${selector}`)
  return element
}

/** Leaves an element with this text alone, so that a selection in it survives the refresh. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

export function setHidden(element: HTMLElement, hidden: boolean): void {
  if (element.hidden !== hidden) element.hidden = hidden
}

/** Sets shape and colour of a state icon. */
export function setIcon(icon: Element, tone: string): void {
  find(icon, "use").setAttribute("href", `#icon-${tone}`)
  icon.setAttribute("data-tone", tone)
}

/** A copy of what the template holds. */
export function cloneTemplate(id: string): DocumentFragment {
  return document.importNode(byId(id, HTMLTemplateElement).content, true)
}

/** Brings a table body to this many rows, and keeps those that are there. */
export function fitRows(
  body: HTMLTableSectionElement,
  templateId: string,
  count: number,
): readonly Element[] {
  while (body.rows.length > count) body.deleteRow(-1)
  while (body.rows.length < count) body.append(cloneTemplate(templateId))
  return [...body.rows]
}

const tableRoles = {
  table: "table",
  "thead, tbody": "rowgroup",
  tr: "row",
  "thead th": "columnheader",
  'th[scope="row"]': "rowheader",
  td: "cell",
}

/** Says in roles what the elements say already: a table whose rows are laid out as cards may lose it otherwise. */
export function keepTableRoles(root: ParentNode): void {
  for (const [selector, role] of Object.entries(tableRoles)) {
    for (const element of root.querySelectorAll(selector)) element.setAttribute("role", role)
  }
}
