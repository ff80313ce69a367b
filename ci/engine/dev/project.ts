import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Options } from "execa"
import { labelled } from "../lib/labelled.ts"
import { run } from "../lib/run.ts"
import { readSettings, type Settings } from "./settings.ts"

export const services = ["backend", "frontend"] as const

/** The development environment of one clone, as Compose knows it. */
export interface Project {
  dir: string
  name: string
  /** What Docker puts on everything that belongs to it. */
  label: string
  settings: Settings
}

export async function openProject(dir: string): Promise<Project> {
  const settings = await readSettings(dir)
  const name = `${settings.PROJECT}-dev`
  return { dir, name, label: `com.docker.compose.project=${name}`, settings }
}

/** The arguments of `docker` for a command of Compose on this project. */
export function composeArguments(project: Project, command: string[]): string[] {
  const envFile = join(project.dir, ".env")
  return [
    ...["compose", "--project-name", project.name],
    ...["--file", join(project.dir, "docker", "docker-compose.dev.yml")],
    ...(existsSync(envFile) ? ["--env-file", envFile] : []),
    ...command,
  ]
}

/** The environment of that command: what was checked, and nothing that would choose another file or project. */
export function composeEnvironment({ settings }: Project): NodeJS.ProcessEnv {
  const none = { COMPOSE_FILE: undefined, COMPOSE_PROFILES: undefined, COMPOSE_ENV_FILES: undefined }
  return { ...process.env, ...none, ...settings }
}

/** Runs it to its end and returns what it printed on stdout. */
export async function compose(project: Project, command: string[], options: Options = {}): Promise<string> {
  return await run("docker", composeArguments(project, command), {
    cwd: project.dir,
    env: composeEnvironment(project),
    extendEnv: false,
    ...options,
  })
}

/** Whether it was started and not cleaned since; it may be stopped. */
export async function exists({ label }: Project): Promise<boolean> {
  return (await labelled("containers", label)).length > 0
}
