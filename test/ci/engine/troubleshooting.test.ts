import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"

const page = readFileSync("docs/deployment/troubleshooting.md", "utf8")
const beginnings = ["KIT", "INIT", "DEPLOY", "BUILD", "TEST", "CHECK", "POLICY", "SCAN", "EVIDENCE", "CI"]
const code = `(?:${beginnings.join("|")})_[A-Z_]+`
/** Not the project's own sources: generated, installed, or content for an engine that throws no such errors. */
const excluded = new Set(["node_modules", "typescript-sdk", "sdk", "dist"])

/** The programs that print such errors. */
const programs = [...["ci", "app", "test/docs/settings"].flatMap(sources), ".github/dagger/install.sh"]
const raised = codesIn(programs)
const explained = [...page.matchAll(new RegExp(`^### (${code})$`, "gm"))].map(match => match[1])
const mentioned = [...page.matchAll(new RegExp(`\\b${code}\\b`, "g"))].map(match => match[0])

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap(entry => {
    if (excluded.has(entry.name)) return []
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.(ts|mjs|go)$/.test(entry.name) ? [path] : []
  })
}

/**
 * Error codes stand in string literals: whole ("KIT_BUSY"), or at the start of a message ("error KIT_BUSY: …"). Those
 * of the policy are the keys of its rules, and a script of the shell says `fail CI_…`.
 */
function codesIn(files: string[]): Set<string> {
  const literal = new RegExp(`(?:["'\`]|\\b(?:error|fail) |^ +(?=POLICY_))(${code})(?=["'\`: ])`, "gm")
  return new Set(
    files.flatMap(file => [...readFileSync(file, "utf8").matchAll(literal)].map(match => match[1] ?? "")),
  )
}

test("finds the codes in the sources", () => {
  for (const known of [
    "KIT_NODE_TOO_OLD",
    "KIT_UNEXPECTED",
    "DEPLOY_PORT_TAKEN",
    "BUILD_LAYOUT",
    "POLICY_USER",
    "SCAN_EXCEPTIONS",
  ])
    expect(raised).toContain(known)
})

test("every code that an error is made with has one of the known beginnings, and no digits", () => {
  const made = /(?:Error|errorText|refused?)\(\s*"([A-Z0-9]+_[A-Z0-9_]+)"|\berror ([A-Z0-9]+_[A-Z0-9_]+):/g
  const found = programs.flatMap(file =>
    [...readFileSync(file, "utf8").matchAll(made)].map(([, given, written]) => given ?? written),
  )
  expect(found.length).toBeGreaterThan(50)
  expect(found.filter(name => !new RegExp(`^${code}$`).test(name ?? ""))).toEqual([])
})

test("every error code of the sources has a section of its own", () => {
  expect([...raised].filter(name => !explained.includes(name)).sort()).toEqual([])
})

test("no section explains a code twice", () => {
  expect(explained).toEqual([...new Set(explained)])
})

test("no code is named that the sources no longer have", () => {
  expect([...new Set(mentioned)].filter(name => !raised.has(name))).toEqual([])
})

test("each section says what is seen, why, and what to do", () => {
  const sections = page.split(/^### /m).slice(1)
  const incomplete = sections.filter(text => !/^- Seen: .+^- Why: .+^- Do: /ms.test(text))
  expect(incomplete.map(text => text.split("\n")[0])).toEqual([])
})
