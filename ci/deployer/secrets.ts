import { createHash } from "node:crypto"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { DeployError } from "./errors.ts"

/**
 * Writes a file for each secret that the stack file declares by `name: …${NAME_VERSION…}`. One that was not given holds
 * a line end alone, since Swarm takes no empty secret; the application reads that as not set. The version is a hash of
 * stack and value, because Swarm never changes a secret: another value is another secret.
 *
 * @param stack its name; two stacks with the same value have two secrets
 * @param given the path of a file with a line NAME=value for each secret; undefined for none
 * @param dir where the files go
 * @returns the variables by which the stack file finds them
 */
export async function writeSecrets(
  stack: string,
  stackFile: string,
  given: string | undefined,
  dir: string,
): Promise<Record<string, string>> {
  const declared = [...new Set([...stackFile.matchAll(/\$\{(\w+)_VERSION\b/g)].map(([, name]) => name ?? ""))]
  const values = given === undefined ? new Map<string, string>() : parseSecrets(await readFile(given, "utf8"))
  if (given !== undefined && values.size === 0) throw noSecret()
  const unknown = [...values.keys()].find(name => !declared.includes(name))
  if (unknown) throw unknownSecret(unknown, declared)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const versions = declared.map(async name => {
    const value = values.get(name) ?? ""
    await writeFile(join(dir, name), `${value}\n`, { mode: 0o600 })
    return [`${name}_VERSION`, versionOf(stack, name, value)]
  })
  return { SECRETS_DIR: dir, ...Object.fromEntries(await Promise.all(versions)) }
}

/** Lines NAME=value; empty lines and lines that begin with # count for nothing. A value may hold any character but a line end. */
export function parseSecrets(text: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? []
    if (!name || value === undefined || values.has(name)) throw unreadableLine(index + 1)
    values.set(name, value)
  }
  return values
}

/**
 * In place of the stack's name, which would not fit into the 64 characters of a secret's. Only a manager's Docker shows
 * it, and who may use that can read the secrets anyway; so a short hash is safe enough.
 */
function versionOf(stack: string, name: string, value: string): string {
  return createHash("sha256").update(`${stack}\0${name}\0${value}`).digest("hex").slice(0, 12)
}

/** Never the line itself: it may be a secret. */
function unreadableLine(number: number): DeployError {
  return new DeployError("DEPLOY_SECRETS_UNREADABLE", `line ${number} of the secrets cannot be read`, {
    why: "each line is NAME=value, with a name in capital letters that no other line has",
    todo: "correct that line; a value takes no quotes and has no line end in it",
    outcome: "usage",
  })
}

/** Whoever names secrets wants them: without its token the service shows its details to everyone. */
function noSecret(): DeployError {
  return new DeployError("DEPLOY_SECRETS_EMPTY", "secrets were named, and there is none", {
    why: "the file, or the variable of env://NAME, is empty",
    todo: "see what --secrets, or its default in .env, names; leave it out to deploy without secrets",
    outcome: "usage",
  })
}

function unknownSecret(name: string, declared: readonly string[]): DeployError {
  return new DeployError("DEPLOY_SECRET_UNKNOWN", `the stack file has no secret ${name}`, {
    why: `it declares ${declared.join(", ") || "none"}; no service would get this one`,
    todo: "correct the name, or declare it in docker/docker-compose.prod.yml as the others are",
    outcome: "usage",
  })
}
