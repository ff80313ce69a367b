import { toDeployError } from "../errors.ts"

export interface Check {
  readonly name: string
  /** missing: a release would fail. warning: it would not, but somebody should know. */
  readonly state: "ok" | "warning" | "missing"
  readonly found: string
  /** How to mend it; empty for what is ok. */
  readonly fix: string
}

/** What a check found; a text alone is good news. */
export type Finding = string | { readonly found: string; readonly warning: string }

/** Makes a check of what throws where something is missing: the same that refuses a release. */
export async function check(name: string, look: () => Finding | Promise<Finding>): Promise<Check> {
  try {
    const finding = await look()
    if (typeof finding === "string") return { name, state: "ok", found: finding, fix: "" }
    return { name, state: "warning", found: finding.found, fix: finding.warning }
  } catch (thrown) {
    const { message, why, todo } = toDeployError(thrown)
    return { name, state: "missing", found: `${message}: ${why}`, fix: todo }
  }
}
