import { existsSync, readFileSync } from "node:fs"
import type { Block } from "./pages.ts"

/**
 * What becomes of the commands of a block. The comment directly above it says so:
 *
 *     <!-- run: here -->                     test/e2e/documents.test.ts runs the block as it stands
 *     <!-- run: test/host/verbs.test.ts -->   that test runs these commands, with values of its own
 *     <!-- not run: needs another host -->   no test does, and why
 */
export type Mark =
  | { kind: "here" }
  | { kind: "tested"; files: string[] }
  | { kind: "not run"; reason: string }
  | { kind: "none" }

const shells = new Set(["sh", "bash", "shell", "console", "zsh"])
const startOfCommand =
  /^(?:\$ |(?:sudo )?(?:npm|npx|node|dagger|docker|git|openssl|curl|ssh|cosign)(?:-\S+)? )/

export function isShell({ language }: Block): boolean {
  return shells.has(language)
}

/** A block that is said to be no shell's, or says nothing, and begins with a command. */
export function isUnmarkedShell(block: Block): boolean {
  return block.language === "" && startOfCommand.test(block.text.split("\n")[0] ?? "")
}

export function markOf({ comment }: Block): Mark {
  const [, verb, rest = ""] = /^(run|not run):\s*(.*)$/s.exec(comment) ?? []
  if (verb === "not run") return { kind: "not run", reason: rest.trim() }
  if (verb !== "run") return { kind: "none" }
  if (rest.trim() === "here") return { kind: "here" }
  return { kind: "tested", files: rest.split(",").map(file => file.trim()) }
}

/** The commands of a block, a line each, without comments. */
export function commandsOf({ text }: Block): string[] {
  const lines = text.replace(/\\\n\s*/g, " ").split("\n")
  return lines.map(line => line.replace(/(^|\s)#.*$/, "").trim()).filter(Boolean)
}

/**
 * The words that make a command what it is: its verbs and the names of its flags. Names of programs, paths, placeholders
 * and the values of short flags are left out, as a test has its own.
 */
export function essentialWords(command: string): string[] {
  const words = command.split(/\s+/).map(word => word.split("=")[0] ?? "")
  const isValue = (at: number) => /^-[A-Za-z]$/.test(words[at - 1] ?? "")
  return words.filter(
    (word, at) => /^(?:--?)?[a-z][a-z-]+$/.test(word) && !programs.has(word) && !isValue(at),
  )
}

const programs = new Set(["dagger", "call", "npm", "run", "docker", "cosign"])

/** What is wrong with the mark of a block, if anything. */
export function faultOf(block: Block): string | undefined {
  const mark = markOf(block)
  if (mark.kind === "none") return "no comment above it says whether a test runs it: see test/docs/marks.ts"
  if (mark.kind === "not run" && mark.reason.split(/\s+/).length < 3)
    return "the reason is too short to be one"
  return mark.kind === "tested" ? faultOfTests(block, mark.files) : undefined
}

function faultOfTests(block: Block, files: readonly string[]): string | undefined {
  const missing = files.find(file => !existsSync(file))
  if (missing !== undefined) return `there is no ${missing}`
  if (!files.some(file => file.endsWith(".test.ts"))) return "none of these files is a test"
  const texts = files.flatMap(file => stringsIn(readFileSync(file, "utf8")))
  const words = commandsOf(block).flatMap(essentialWords)
  const unknown = words.find(word => !texts.some(text => hasWord(text, word)))
  return unknown === undefined ? undefined : `${files.join(", ")} never says ${unknown}`
}

/** The string literals of a program: a word in a comment or a name runs nothing. */
function stringsIn(program: string): string[] {
  return [...program.matchAll(/"([^"\n]*)"|'([^'\n]*)'|`([^`]*)`/g)].map(
    ([, double, single, template]) => double ?? single ?? template ?? "",
  )
}

function hasWord(text: string, word: string): boolean {
  return text.split(/[\s=]+/).includes(word)
}
