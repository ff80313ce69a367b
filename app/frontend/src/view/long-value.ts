import { shorten } from "../logic/words.ts"
import { cloneTemplate, find, setText, slot } from "./dom.ts"

const confirmationMs = 2000

/** Shows a commit or digest short, whole when it is opened, and copies it. */
export function createLongValue(place: HTMLElement, name: string): (value: string | null) => void {
  let shown: string | null | undefined
  return value => {
    if (value === shown) return
    shown = value
    if (value === null) return place.replaceChildren("not set")
    const parts = cloneTemplate("value-template")
    setText(slot(parts, "short"), shorten(value))
    setText(slot(parts, "full"), value)
    find(parts, "summary").setAttribute("aria-label", `${shorten(value)}, show the whole ${name}`)
    const button = slot(parts, "copy")
    button.setAttribute("aria-label", `Copy ${name}`)
    button.addEventListener("click", () => copy(place, button, value, name))
    place.replaceChildren(parts)
  }
}

async function copy(place: HTMLElement, button: Element, value: string, name: string): Promise<void> {
  const done = await putOnClipboard(value)
  // Without a clipboard, the value is opened and selected: one key copies it.
  if (!done) selectWhole(place)
  setText(button, done ? "Copied" : "Selected")
  button.setAttribute("aria-label", done ? `Copied ${name}` : `Selected ${name}: press Ctrl+C`)
  setTimeout(() => {
    setText(button, "Copy")
    button.setAttribute("aria-label", `Copy ${name}`)
  }, confirmationMs)
}

/** False where the browser has no clipboard to give, as on plain HTTP. */
async function putOnClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

function selectWhole(place: HTMLElement): void {
  find(place, "details").setAttribute("open", "")
  getSelection()?.selectAllChildren(slot(place, "full"))
}
