import type { ScanResult, Verdict } from "../../model.ts"
import { html, type Markup } from "./markup.ts"

const shapes = {
  good: html`<circle cx="12" cy="12" r="9" /><path d="m7.8 12.4 2.9 2.9 5.6-6.2" />`,
  bad: html`<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3Z" /><path d="m8.8 8.8 6.4 6.4m0-6.4-6.4 6.4" />`,
  warning: html`<path d="M12 3.6 2.6 20.2h18.8Z" /><path d="M12 10v4.6M12 17.2v.1" />`,
  missing: html`<circle cx="12" cy="12" r="9" /><path d="m5.7 5.7 12.6 12.6" />`,
  old: html`<circle cx="12" cy="12" r="9" /><path d="M12 6.8V12l3.4 2.2" />`,
  none: html`<circle cx="12" cy="12" r="9" /><path d="M8 12h8" />`,
  mark: html`<path d="M4 6h9M4 12h9M4 18h9M17 6h3M17 12h3M17 18h3" />`,
}
export type Icon = keyof typeof shapes

/** Words beside it say the same, so it is nothing to a screen reader. */
export function icon(name: Icon): Markup {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shapes[name]}</svg>`
}

export interface Look {
  readonly icon: Icon
  readonly tone: "good" | "warning" | "bad" | "neutral"
}

export const verdictLooks: Readonly<Record<Verdict, Look>> = {
  clean: { icon: "good", tone: "good" },
  findings: { icon: "bad", tone: "bad" },
  "stale-db": { icon: "old", tone: "warning" },
  "no-db": { icon: "missing", tone: "bad" },
  "tool-error": { icon: "warning", tone: "bad" },
}

export const stateLooks: Readonly<Record<ScanResult["state"], Look>> = {
  done: { icon: "good", tone: "neutral" },
  error: { icon: "warning", tone: "bad" },
  skipped: { icon: "none", tone: "warning" },
}
