/** What two sets of named values differ in: names only, since the values may be nobody's business. */
export interface Changes {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

export type Values = Readonly<Record<string, string>>

export function compare(before: Values, after: Values): Changes {
  const names = (values: Values) => Object.keys(values).sort()
  return {
    added: names(after).filter(name => before[name] === undefined),
    changed: names(after).filter(name => before[name] !== undefined && before[name] !== after[name]),
    removed: names(before).filter(name => after[name] === undefined),
  }
}

/** The settings in a file of lines NAME=value. */
export function settingsIn(text: string): Values {
  const found = text.matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/gm)
  return Object.fromEntries([...found].map(([, name, value]) => [name ?? "", (value ?? "").trim()]))
}
