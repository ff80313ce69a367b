import { commandsOf, isShell } from "./marks.ts"
import type { Flags, Module } from "./module.ts"
import { blocksOf, inlineCodeOf, type Page } from "./pages.ts"
import type { Scripts } from "./scripts.ts"

/** A command that a page names, in a block or between backticks. */
export interface Mention {
  at: string
  words: string[]
}

export function mentionsIn(page: Page): Mention[] {
  const inBlocks = blocksOf(page)
    .filter(isShell)
    .flatMap(block => commandsOf(block).map(text => ({ at: block.at, text })))
  return [...inBlocks, ...inlineCodeOf(page)].map(({ at, text }) => ({ at, words: wordsOf(text) }))
}

/** The words up to what joins the command with another one. */
function wordsOf(text: string): string[] {
  const words = text.trim().split(/\s+/)
  const end = words.findIndex(word => /^(?:[|;>]|&&)/.test(word))
  return end < 0 ? words : words.slice(0, end)
}

/** What a mention names that is not there, if anything. */
export function faultOf({ words }: Mention, module: Module, scripts: Scripts): string | undefined {
  if (words[0] === "npm") return faultOfNpm(words.slice(1), scripts)
  if (words[0] !== "dagger") return undefined
  const call = words.indexOf("call")
  return call < 0 ? faultOfDagger(words) : faultOfCall(words.slice(call + 1), module)
}

const ofNpm = new Set(["ci", "init", "ping", "install", "rebuild", "start", "test"])

function faultOfNpm([verb = "", script = "", separator, ...words]: string[], scripts: Scripts) {
  if (verb !== "run") return ofNpm.has(verb) || isPlaceholder(verb) ? undefined : `npm knows no ${verb} here`
  if (isPlaceholder(script)) return undefined
  if (!scripts.names.has(script)) return `there is no script ${script}`
  if (separator !== "--") return undefined
  const known = scripts.words.get(script)
  const unknown = words.find(word => !isPlaceholder(word) && !known?.has(nameOf(word)))
  return unknown === undefined ? undefined : `npm run ${script} knows no ${unknown}`
}

const ofDagger = new Set(["functions", "check", "develop", "query", "version"])

function faultOfDagger([, verb = ""]: string[]): string | undefined {
  return ofDagger.has(verb) || isPlaceholder(verb) ? undefined : `dagger has no ${verb} here`
}

/** Where a reader of a call stands: behind which function, and which flags may come there. */
interface Position {
  called: string | undefined
  flags: Flags
}

/** Flags of the constructor, then a function with its own flags, then perhaps functions of what it gives. */
function faultOfCall(words: readonly string[], module: Module): string | undefined {
  return faultBehind({ called: undefined, flags: module.constructorFlags }, words, module)
}

function faultBehind(position: Position, words: readonly string[], module: Module): string | undefined {
  const [word, ...rest] = words
  if (word === undefined || word === "…") return undefined
  if (word.startsWith("--")) return faultAtFlag(position, word, rest, module)
  if (isPlaceholder(word)) return faultBehind(position, rest, module)
  const flags = position.called === undefined ? module.functions.get(word) : furtherFlags(word, module)
  if (flags === undefined) return `there is no function ${word}`
  return faultBehind({ called: word, flags }, rest, module)
}

function faultAtFlag(position: Position, word: string, rest: readonly string[], module: Module) {
  const name = nameOf(word)
  const kind = everywhere.get(name) ?? position.flags.get(name.slice(2))
  if (kind === undefined) return `${position.called ?? "the constructor"} has no ${name}`
  const isApart = kind === "value" && !word.includes("=")
  return faultBehind(position, isApart ? rest.slice(1) : rest, module)
}

const everywhere: Flags = new Map([["--help", "switch"]])

function furtherFlags(word: string, module: Module): Flags | undefined {
  if (!module.further.has(word)) return undefined
  return new Map(word === "export" ? [["path", "value"]] : [])
}

/** Flags that stand alone between backticks: of whatever program, they have to be some program's. */
export function faultOfFlag({ words }: Mention, known: Set<string>): string | undefined {
  const [word = ""] = words
  if (!/^--[a-z]/.test(word)) return undefined
  return known.has(nameOf(word)) ? undefined : `no function or script has ${nameOf(word)}`
}

export function allFlags(module: Module, scripts: Scripts): Set<string> {
  const flags = [module.constructorFlags, ...module.functions.values()].flatMap(known => [...known.keys()])
  const words = [...scripts.words.values()].flatMap(known => [...known])
  return new Set([...flags.map(name => `--${name}`), ...words])
}

function nameOf(word: string): string {
  return word.split("=")[0] ?? ""
}

/** What stands for something else: NAME, FILE, …, [one|other], a path, a value. */
function isPlaceholder(word: string): boolean {
  return word === "" || !/^(?:--)?[a-z][a-z:-]*(?:=.*)?$/.test(word)
}
