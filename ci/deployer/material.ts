import { createHash } from "node:crypto"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import * as commands from "./docker/commands.ts"
import { type Docker, must } from "./docker/exec.ts"
import { DeployError } from "./errors.ts"
import type { Release } from "./state/releases.ts"

/**
 * Secrets and configs of a release. Swarm never changes one: another content is another object, and its name has a hash
 * of stack and content.
 */
export interface Material {
  /** The variables by which the stack file finds them; without the folders, they are part of the release. */
  readonly versions: Readonly<Record<string, string>>
  /** The folders for this run. */
  readonly folders: Readonly<Record<string, string>>
  /** The objects' names in the swarm. */
  readonly secrets: readonly string[]
  readonly configs: readonly string[]
}

/** What the stack file declares by `file: ${SECRETS_DIR}/NAME` and `file: ${CONFIGS_DIR}/NAME`. */
interface Declared {
  readonly secrets: readonly string[]
  readonly configs: readonly string[]
}

/** Paths of files that were given, undefined for none. */
export interface Given {
  readonly secretsFile: string | undefined
  readonly configFile: string | undefined
}

/** The one config that can be given: the settings of the backend. */
const settings = "SETTINGS"

/**
 * Writes a file for each secret and config that the stack file declares. A secret that was not given holds a line end
 * alone, since Swarm takes none that is empty; the application reads that as not set.
 *
 * @param stack its name; two stacks with the same value have two objects
 * @param dir where the files go
 */
export async function writeMaterial(
  stack: string,
  stackFile: string,
  given: Given,
  dir: string,
): Promise<Material> {
  const declared = declaredIn(stackFile)
  const secrets = await readSecrets(given.secretsFile, declared.secrets)
  const configs = await readConfig(given.configFile, declared.configs)
  const contents = (names: readonly string[], values: ReadonlyMap<string, string>) =>
    names.map(name => ({ name, content: `${values.get(name) ?? ""}\n` }))
  const all = {
    secrets: contents(declared.secrets, secrets),
    configs: contents(declared.configs, configs),
  }
  await writeFiles(dir, all)
  const versions = [...all.secrets, ...all.configs].map(({ name, content }) => [
    `${name}_VERSION`,
    versionOf(stack, name, content),
  ])
  return material(Object.fromEntries(versions), declared, dir)
}

/**
 * The material of a recorded release. Its content is in the swarm alone, so the files are empty: Docker takes that as
 * "leave the content as it is".
 *
 * @throws DeployError DEPLOY_RELEASE_INCOMPLETE when something of it is gone
 */
export async function recallMaterial(docker: Docker, stack: string, release: Release, dir: string) {
  const declared = declaredIn(release.stackFile)
  const known = [
    ...(await listMaterial(docker, "secret", stack)),
    ...(await listMaterial(docker, "config", stack)),
  ].map(({ name }) => name)
  const missing = [...release.secrets, ...release.configs].filter(name => !known.includes(name))
  if (missing.length > 0) throw incomplete(release, missing)
  const empty = (names: readonly string[]) => names.map(name => ({ name, content: "" }))
  await writeFiles(dir, { secrets: empty(declared.secrets), configs: empty(declared.configs) })
  const versions = Object.entries(release.variables).filter(([name]) => name.endsWith("_VERSION"))
  return material(Object.fromEntries(versions), declared, dir)
}

/** The stack's secrets or configs in the swarm, those of old releases as well. */
export async function listMaterial(docker: Docker, kind: "secret" | "config", stack: string) {
  const lines = (await must(docker, commands.materialList(kind, stack))).split("\n").filter(Boolean)
  return lines.map(line => {
    const [id = "", name = ""] = line.split(" ")
    return { id, name }
  })
}

function declaredIn(stackFile: string): Declared {
  const named = (folder: string) => {
    const found = stackFile.matchAll(new RegExp(`\\$\\{${folder}\\b[^}]*\\}/(\\w+)`, "g"))
    return [...new Set([...found].map(([, name]) => name ?? ""))]
  }
  return { secrets: named("SECRETS_DIR"), configs: named("CONFIGS_DIR") }
}

function material(versions: Record<string, string>, declared: Declared, dir: string): Material {
  const names = (declaredNames: readonly string[]) =>
    declaredNames.map(name => `lockstep_${name}_${versions[`${name}_VERSION`]}`)
  return {
    versions,
    folders: { SECRETS_DIR: join(dir, "secrets"), CONFIGS_DIR: join(dir, "configs") },
    secrets: names(declared.secrets),
    configs: names(declared.configs),
  }
}

type Files = Record<keyof Declared, readonly { name: string; content: string }[]>

async function writeFiles(dir: string, files: Files): Promise<void> {
  for (const kind of ["secrets", "configs"] as const) {
    await mkdir(join(dir, kind), { recursive: true, mode: 0o700 })
    for (const { name, content } of files[kind])
      await writeFile(join(dir, kind, name), content, { mode: 0o600 })
  }
}

async function readSecrets(path: string | undefined, declared: readonly string[]) {
  if (path === undefined) return new Map<string, string>()
  const values = parseSecrets(await readFile(path, "utf8"))
  if (values.size === 0) throw noSecret()
  const unknown = [...values.keys()].find(name => !declared.includes(name))
  if (unknown) throw unknownSecret(unknown, declared)
  return values
}

async function readConfig(path: string | undefined, declared: readonly string[]) {
  const wanted = declared.includes(settings)
  if (path === undefined && !wanted) return new Map<string, string>()
  if (path !== undefined && wanted) return new Map([[settings, (await readFile(path, "utf8")).trimEnd()]])
  throw wrongConfig(wanted)
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
function versionOf(stack: string, name: string, content: string): string {
  return createHash("sha256").update(`${stack}\0${name}\0${content}`).digest("hex").slice(0, 12)
}

/** Whether a secret of this version has no value. */
export function isUnset(stack: string, name: string, version: string): boolean {
  return version === versionOf(stack, name, "\n")
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

/** It lies over the settings in the image: an empty one would silently undo them. */
function wrongConfig(wanted: boolean): DeployError {
  const name = `the config ${settings}`
  return new DeployError("DEPLOY_CONFIG", wanted ? `${name} was not given` : `no service takes ${name}`, {
    why: `the stack file ${wanted ? "declares it" : "does not declare it"}`,
    todo: wanted
      ? "give --config FILE"
      : "leave --config out, or declare it as docker/docker-compose.prod.yml does",
    outcome: "usage",
  })
}

function incomplete(release: Release, missing: readonly string[]): DeployError {
  return new DeployError("DEPLOY_RELEASE_INCOMPLETE", `release ${release.number} cannot be brought back`, {
    why: `gone from the swarm: ${missing.join(", ")}`,
    todo: "choose another release (`history` lists them), or deploy it anew with its secrets and settings",
  })
}
