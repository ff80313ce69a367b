/** Names whose value is a secret. NAME_FILE is none: its value is a path. */
const secretName =
  /(?:^|[_.-])(?:PASSWORD|PASSWD|PASSPHRASE|PASS|(?<=[_.-])PWD|SECRET|TOKEN|CREDENTIALS?|(?:API|ACCESS|PRIVATE|SECRET|SIGNING|ENCRYPTION|SESSION|MASTER)[_-]?KEY)$/i

/** What secrets look like, wherever they stand. */
const shapes: readonly [string, RegExp][] = [
  [
    "a private key",
    /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\s|\\[nr])+(?:[\w-]+: [^\r\n]{1,80}\s+)*[A-Za-z0-9+/=]{40}/,
  ],
  ["an AWS key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a GitHub token", /\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{40}/],
  ["a GitLab token", /\bglpat-[\w-]{20}/],
  ["a Slack token", /\bxox[abprs]-[\w-]{20}/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a Pinecone key", /\bpcsk_\w{40}/],
  ["a key of a language model's API", /\bsk-(?:(?:proj|ant|svcacct)-[\w-]{30}|[A-Za-z0-9]{32})/],
  ["a Google key", /\bAIza[\w-]{35}\b/],
  ["a Stripe key", /\b[rs]k_live_[A-Za-z0-9]{24}/],
]

/** Not looked for in files: manuals are full of examples. */
const addressWithPassword = /\b[a-z][a-z0-9+.-]{0,19}:\/\/[^\s:/@"'?#$<>{}]*:[^\s/@"'?#$<>{}]{3,}@[^\s/]/i

/** Bytes that the longest of the shapes may need: where a file is read in pieces, they overlap by so much. */
export const longestShape = 512

/** Whether a variable of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name)
}

/** The kind of secret that the content of a file shows, without the secret; undefined when it shows none. */
export function secretInFile(text: string): string | undefined {
  return shapes.find(([, shape]) => shape.test(text))?.[0]
}

/** The same for a value in a setting or a command. */
export function secretInText(text: string): string | undefined {
  return secretInFile(text) ?? (addressWithPassword.test(text) ? "an address with a password" : undefined)
}

/**
 * Names of secrets that a command or a line of an image's history gives a value, such as NPM_TOKEN=abc. A value that
 * begins with a dollar sign is taken from somewhere else when the command runs.
 */
export function secretAssignments(text: string): string[] {
  const found = [...text.matchAll(/(?<![\w-])([A-Za-z_]\w*)=(["']?)([^\s"']+)/g)]
  return found
    .filter(([, name = "", , value = ""]) => isSecretName(name) && !value.startsWith("$"))
    .map(m => m[1] ?? "")
}

/** What is wrong with a variable, in words without its value; undefined when nothing is. */
export function secretVariable(name: string, value: string): string | undefined {
  const kind = secretInText(value)
  if (kind) return `${name} holds ${kind}`
  return isSecretName(name) && value !== "" ? `${name} holds a secret by its name` : undefined
}
