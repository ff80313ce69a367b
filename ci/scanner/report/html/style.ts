import { readFileSync } from "node:fs"

const parts = ["theme", "base", "frame", "lists", "narrow", "print"]

/** The page's style, in one piece: the page has to stand alone. */
export const style = parts
  .map(name => readFileSync(new URL(`./${name}.css`, import.meta.url), "utf8"))
  .join("\n")
