import { plain } from "../words.ts"

/** Markup that this program wrote. Everything else is text. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Content = Markup | string | number | undefined | readonly Content[]

/** A template whose values are escaped, but for markup that such a template made; undefined is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(strings.map((part, index) => part + written(values[index])).join(""))
}

function written(content: Content): string {
  if (content === undefined) return ""
  if (content instanceof Markup) return content.text
  if (typeof content === "object") return content.map(written).join("")
  return escapeText(plain(String(content)))
}

const entities: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" },
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, sign => entities[sign] ?? "").replace(/\p{Cs}/gu, "\ufffd")
}
