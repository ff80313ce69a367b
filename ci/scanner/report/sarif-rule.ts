import type { Finding, Severity } from "../model.ts"
import { httpLink } from "./link.ts"
import { byWeight, compareText } from "./select.ts"
import { plain } from "./words.ts"

/** Where a record has no score: the lowest of its severity, as CVSS 3.1 divides them. */
const lowestScores: Readonly<Record<Severity, number>> = {
  ...{ critical: 9, high: 7, unknown: 7, medium: 4, low: 0.1 },
}

export const levels = {
  ...{ critical: "error", high: "error", unknown: "error", medium: "warning", low: "note" },
} as const satisfies Readonly<Record<Severity, string>>

/** The rule of these findings, described by the worst of them. */
export function sarifRule(id: string, findings: readonly Finding[]): object {
  const [worst] = [...findings].sort(byWeight)
  if (!worst) return { id }
  const link = httpLink(worst.link)
  const title = plain(worst.title)
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: [title, ...namesOf(findings)].join(" ") },
    help: help(id, title, findings, link),
    ...(link === undefined ? {} : { helpUri: link }),
    defaultConfiguration: { level: levels[worst.severity] },
    // What GitHub sorts alerts by: the severity is the rule's there, not the finding's.
    properties: { "security-severity": scoreOf(findings).toFixed(1), tags: ["security", worst.scan] },
  }
}

function scoreOf(findings: readonly Finding[]): number {
  return Math.max(...findings.map(({ score, severity }) => score ?? lowestScores[severity]))
}

function namesOf(findings: readonly Finding[]): string[] {
  const names = distinct(findings.flatMap(({ aliases }) => aliases))
  return names.length > 0 ? [`(${names.join(", ")})`] : []
}

function help(id: string, title: string, findings: readonly Finding[], link: string | undefined): object {
  const todos = distinct(findings.map(({ todo }) => todo))
  const more = link === undefined ? [] : ["", `More: ${link}`]
  const steps = todos.map(todo => `- ${todo}`)
  return {
    text: [title, "", "What to do:", ...steps, ...more].join("\n"),
    markdown: [
      `**${escapeMarkdown(id)}**: ${escapeMarkdown(title)}`,
      ...["", "What to do:", "", ...todos.map(todo => `- ${escapeMarkdown(todo)}`)],
      ...(link === undefined ? [] : ["", `[More](<${link}>)`]),
    ].join("\n"),
  }
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts.map(plain))].sort(compareText)
}

/** Advisories' titles are others' words: they may not become links, pictures or HTML. */
function escapeMarkdown(text: string): string {
  return plain(text).replace(/[\\`*_{}[\]()<>#+!|~&@-]/g, sign => `\\${sign}`)
}
