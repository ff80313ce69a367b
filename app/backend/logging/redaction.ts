export interface Redaction {
  /** Whether a field of this name holds a secret. */
  isSecret(name: string, value: unknown): boolean
  /** Whether a name is that of a secret. */
  isSecretName(name: string): boolean
  /** Replaces what looks like a secret within a text. */
  redactText(text: string): string
}

interface SecretNames {
  readonly anywhere: readonly string[]
  readonly atEnd: readonly string[]
}

/** Stands where a secret was. */
export const redacted = "[redacted]"

const maxKnownNames = 2000
const maxNameLength = 256

// Every repetition is bounded or cannot be entered in two ways, so no text makes them slow.
const bearer = /\bbearer\s{1,4}[\w+/=.~-]{6,}/gi
const basic = /\bbasic\s{1,4}([\w+/=-]{4,})/gi
const cookies = /\b((?:set-)?cookie\\?["']?\s{0,4}[:=]\s{0,4})[^\r\n]+/gi
const userInfo = /\b([a-z][a-z0-9+.-]{0,19}:\/\/)[^\s/@"'?#]{1,512}@/gi
const name = /\b([A-Za-z][\w.-]{1,63})/
const separator = /(\\?["']?\s{0,4}[=:]\s{0,4}(?:\\?["'])?)/
// Up to the quote that closes it, which is escaped within JSON in JSON; else up to what ends a word.
const quoted = /(?<=\\["'])(?:(?!\\["'])[^\r\n])+|(?<=")(?:\\.|[^"\\\r\n])+|(?<=')(?:\\.|[^'\\\r\n])+/
const plain = /(?:(?:bearer|basic|token|digest|apikey)\s{1,4})?[^\s"'&,;\\})]+/
const assignment = new RegExp(`${name.source}${separator.source}(?:${quoted.source}|${plain.source})`, "gi")

/**
 * Tells secrets by the names of their fields, and in texts by their shape: `Bearer …`, `Basic …`, the user part of
 * a URL, cookies, and `name=value` or `name: value` with the name of a secret.
 */
export function createRedaction(names: SecretNames): Redaction {
  const isSecretName = createNameTest(names)

  const redactAssignment = (whole: string, name: string, separator: string) =>
    isSecretName(name) ? `${name}${separator}${redacted}` : whole

  return {
    isSecretName,
    isSecret(name, value) {
      if (value === undefined || value === null || typeof value === "boolean") return false
      // A number under a plural, such as totalTokens, is a count.
      return isSecretName(name) && !(typeof value === "number" && name.endsWith("s"))
    },
    redactText(text) {
      let result = text
      if (text.includes(" "))
        result = result.replace(bearer, `Bearer ${redacted}`).replace(basic, redactBasic)
      if (text.includes("://")) result = result.replace(userInfo, `$1${redacted}@`)
      if (text.includes("=") || text.includes(":")) {
        result = result.replace(cookies, `$1${redacted}`).replace(assignment, redactAssignment)
      }
      return result
    },
  }
}

function createNameTest(names: SecretNames): (name: string) => boolean {
  const nothing = "(?!)"
  const anywhere = names.anywhere.map(bare).join("|") || nothing
  const atEnd = names.atEnd.map(bare).join("|") || nothing
  const pattern = new RegExp(`${anywhere}|(?:${atEnd})s?$`)
  const known = new Map<string, boolean>()
  return name => {
    const answer = known.get(name)
    if (answer !== undefined) return answer
    const isSecret = pattern.test(bare(name))
    // Names may come from outside, so what is remembered of them is bounded.
    if (known.size >= maxKnownNames) known.clear()
    if (name.length <= maxNameLength) known.set(name, isSecret)
    return isSecret
  }
}

const bare = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "")

// "basic" is a word as well: what follows is a secret only when it decodes to user:password.
function redactBasic(whole: string, encoded: string): string {
  return Buffer.from(encoded, "base64").includes(":") ? `Basic ${redacted}` : whole
}
