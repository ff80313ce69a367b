/** What the reader chose: theme, pace, token. */

export type Theme = "system" | "light" | "dark"

const themes: readonly Theme[] = ["system", "light", "dark"]

/** The stored theme; what nobody wrote, or wrote wrongly, is the system's. */
export function readTheme(stored: string | null): Theme {
  return themes.find(theme => theme === stored) ?? "system"
}

export function nextTheme(theme: Theme): Theme {
  return themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system"
}

const defaultEveryMs = 5000

/** Milliseconds between refreshes: `?every=SECONDS` of the page's address, 1 to 3600, else 5. */
export function readPace(search: string): number {
  const seconds = Number(new URLSearchParams(search).get("every"))
  return seconds >= 1 && seconds <= 3600 ? seconds * 1000 : defaultEveryMs
}

/** Whether the text can travel in a header: visible ASCII. Anything else would fail like a broken network. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text)
}
