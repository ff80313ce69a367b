import { existsSync, statSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { parseEnv } from "node:util"
import { KitError } from "../lib/errors.ts"

/** The variables of docker/docker-compose.dev.yml, with the defaults that it has. */
export const defaults = {
  PROJECT: "lockstep",
  DEV_PORT: "5173",
  DEV_BACKEND_PORT: "3000",
  DEV_DEBUG_PORT: "9229",
  DEV_USER: "1000:1000",
  CA_CERTIFICATES: "/etc/ssl/certs/ca-certificates.crt",
} as const

type Name = keyof typeof defaults
export type Settings = Record<Name, string>

const names = Object.keys(defaults) as Name[]
export const portNames = ["DEV_PORT", "DEV_BACKEND_PORT", "DEV_DEBUG_PORT"] as const

/** What each must look like, and how to say so. */
const rules: Record<Name, { pattern: RegExp; rule: string }> = {
  PROJECT: {
    pattern: /^[a-z0-9][a-z0-9-]{0,30}$/,
    rule: "must be up to 31 lower-case letters, digits and dashes",
  },
  DEV_PORT: port(),
  DEV_BACKEND_PORT: port(),
  DEV_DEBUG_PORT: port(),
  DEV_USER: { pattern: /^\d+:\d+$/, rule: "must be the numbers of a user and a group, such as 1000:1000" },
  CA_CERTIFICATES: { pattern: /^\//, rule: "must be the absolute path of a file" },
}

function port(): { pattern: RegExp; rule: string } {
  const upTo65535 = /^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/
  return { pattern: upTo65535, rule: "must be a port, a whole number from 1 to 65535" }
}

/** Where Debian, Fedora, SUSE, and Alpine or macOS keep the certificates that they trust. */
const bundles = [
  defaults.CA_CERTIFICATES,
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
]

/**
 * What `.env` and the environment say, the environment first, as Compose has it; the rest is found out or left at the
 * default. Without a file, the defaults hold.
 *
 * @throws KitError KIT_DEV_SETTINGS, with all that is wrong
 */
export async function readSettings(projectDir: string): Promise<Settings> {
  const given = { ...parseEnv(await readEnvFile(projectDir)), ...process.env }
  const known = names.flatMap(name => (given[name] ? [[name, given[name]]] : []))
  const settings: Settings = { ...defaults, ...foundOut(projectDir), ...Object.fromEntries(known) }
  const problems = problemsOf(settings)
  if (problems.length === 0) return settings
  throw new KitError("KIT_DEV_SETTINGS", "the settings of the development environment are wrong", {
    why: problems.join("\n"),
    fix: "correct them in .env (docs/deployment/environment-variables.md explains each), then run the same command again",
  })
}

async function readEnvFile(projectDir: string): Promise<string> {
  return await readFile(join(projectDir, ".env"), "utf8").catch(error => {
    if (error.code === "ENOENT") return ""
    throw new KitError("KIT_DEV_SETTINGS", ".env cannot be read", {
      why: error.message,
      fix: "make it a file that this user may read, then run the same command again",
      cause: error,
    })
  })
}

/** The owner of the sources may read them, but root in a container is not wanted. */
function foundOut(projectDir: string): Partial<Settings> {
  const { uid, gid } = statSync(join(projectDir, "app"))
  const bundle = bundles.find(existsSync)
  return {
    ...(uid === 0 ? {} : { DEV_USER: `${uid}:${gid}` }),
    ...(bundle ? { CA_CERTIFICATES: bundle } : {}),
  }
}

export function problemsOf(settings: Settings): string[] {
  const broken = names.filter(name => !rules[name].pattern.test(settings[name]))
  const ports = portNames.map(name => settings[name])
  const twice = portNames.filter(name => ports.filter(port => port === settings[name]).length > 1)
  return [
    ...broken.map(name => `${name} ${rules[name].rule}`),
    ...(twice.length > 0 ? [`${twice.join(" and ")} must differ`] : []),
  ]
}
