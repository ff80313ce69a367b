import type { Redaction } from "./redaction.ts"

/** What one record may still take, and how its secrets are told. */
export interface Budget {
  readonly redaction: Redaction
  /** Bytes of JSON. */
  left: number
}

/** Longer texts and names are cut. Characters, as JavaScript counts them. */
export const maxTextLength = 8192
const maxNameLength = 256

// A secret that begins before the cut must still be seen whole.
const margin = 1024
const longestEscape = 6

// What needs no escape in JSON and no search for secrets: the many small words of a log, and patterns of routes.
const harmless = /^(?:[\w./+-]|(?<=\/):){0,256}$/

/**
 * A text as it may be logged: secrets replaced, lone surrogates replaced (they are no Unicode), and cut, with a
 * mark, to what a text and the record may take.
 */
export function cleanText(budget: Budget, text: string): string {
  if (text.length <= budget.left && harmless.test(text)) {
    budget.left -= text.length + 3
    return text
  }
  return cut(budget, budget.redaction.redactText(text.slice(0, maxTextLength + margin)), text.length)
}

/** A field's name as it may be logged. */
export function cleanName(budget: Budget, name: string): string {
  if (name.length <= maxNameLength && harmless.test(name)) {
    budget.left -= name.length + 4
    return name
  }
  const clean = wellFormed(name.slice(0, maxNameLength))
  budget.left -= bytesOf(clean) + 2
  return clean
}

function cut(budget: Budget, text: string, givenLength: number): string {
  let kept = wellFormed(text.slice(0, maxTextLength))
  if (bytesOf(kept) > budget.left) {
    kept = wellFormed(text.slice(0, Math.max(0, Math.floor(budget.left / longestEscape))))
  }
  if (kept.length < text.length || givenLength > maxTextLength + margin) {
    kept += `… [cut, ${givenLength} characters]`
  }
  budget.left -= bytesOf(kept) + 1
  return kept
}

const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, "\ufffd")

const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text))
