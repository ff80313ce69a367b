import { nextTheme, readTheme, type Theme } from "../logic/preferences.ts"
import { byId, setText } from "./dom.ts"
import type { Memory } from "./memory.ts"

const key = "lockstep-theme"

/** A button that goes from the system's theme to light to dark, and remembers. */
export function createThemeButton(memory: Memory): void {
  const button = byId("theme", HTMLButtonElement)
  let theme = readTheme(memory.get(key))
  const show = (next: Theme) => {
    theme = next
    document.documentElement.dataset.theme = theme
    setText(button, `Theme: ${theme}`)
  }
  button.addEventListener("click", () => {
    show(nextTheme(theme))
    memory.set(key, theme)
  })
  show(theme)
}
