import type { Options } from "execa"
import { KitError } from "../lib/errors.ts"
import { exclusively } from "../lib/lock.ts"
import type { Note, Progress } from "../lib/progress.ts"
import { run } from "../lib/run.ts"
import { unpacked } from "../lib/store.ts"
import { makeCompose, readyCompose } from "../steps/compose.ts"
import { replayProxy } from "../steps/containers.ts"
import { ensureDocker } from "../steps/docker.ts"
import { ensureInDocker } from "../steps/local-images.ts"
import { ensureSettings } from "../steps/settings.ts"
import { nodeImageReference } from "../versions.ts"
import { checkPorts } from "./ports.ts"
import { compose, composeEnvironment, openProject, type Project, services } from "./project.ts"
import { portNames } from "./settings.ts"

/**
 * Checks and makes what is needed, then leaves both services running and healthy.
 *
 * @param ending breaks it off
 */
export async function start(progress: Progress, projectDir: string, ending: AbortSignal): Promise<Project> {
  await progress.step("docker", ensureDocker)
  await progress.step("compose", ensureCompose)
  const project = await progress.step("settings", async note => {
    note(await ensureSettings(projectDir))
    return await checkedProject(projectDir)
  })
  await progress.step("base image", note => ensureInDocker(nodeImageReference, note))
  await progress.step("ports", async note => {
    await checkPorts(project)
    note(portNames.map(name => project.settings[name]).join(", "))
  })
  await bringUp(progress, project, { cancelSignal: ending })
  return project
}

/** Builds what has changed, packages included, and starts what does not run or runs an older build. */
export async function bringUp(
  progress: Progress,
  project: Project,
  options: Pick<Options, "cancelSignal">,
  flags: string[] = [],
): Promise<void> {
  const { args, env } = await buildSettings()
  await progress.step("images", () =>
    compose(project, ["build", ...args], { ...options, env: { ...composeEnvironment(project), ...env } }),
  )
  await progress.step("services", async note => {
    const up = ["up", "--detach", "--no-build", "--wait", ...flags]
    await compose(project, up, options).catch(async error => {
      throw (await unhealthy(project, error)) ?? error
    })
    note(`${services.join(" and ")} healthy`)
  })
}

/** Where a pack is in use, what leads the builds to its proxy and lets them trust it. */
async function buildSettings(): Promise<{ args: string[]; env: Record<string, string> }> {
  if (!unpacked) return { args: [], env: {} }
  const { url, certificate } = await replayProxy()
  const args = ["HTTP_PROXY", "HTTPS_PROXY"].flatMap(name => ["--build-arg", `${name}=${url}`])
  return { args, env: { CA_CERTIFICATES: certificate } }
}

/** Where a person finds what runs. */
export function addresses({ settings }: Project): { name: string; address: string }[] {
  const { DEV_PORT, DEV_BACKEND_PORT, DEV_DEBUG_PORT } = settings
  return [
    { name: "page", address: `http://localhost:${DEV_PORT}` },
    { name: "backend", address: `http://localhost:${DEV_BACKEND_PORT}` },
    { name: "debugger", address: `localhost:${DEV_DEBUG_PORT}` },
  ]
}

async function ensureCompose(note: Note): Promise<void> {
  if (!(await readyCompose())) {
    note("compiling Docker Compose: a few minutes, once")
    await exclusively("npm run dev", makeCompose)
  }
  note(`Docker Compose ${await readyCompose()}`)
}

/** Compose reads .env more strictly than Node does, so it has its say before anything is built. */
async function checkedProject(projectDir: string): Promise<Project> {
  const project = await openProject(projectDir)
  await compose(project, ["config", "--quiet"]).catch((error: KitError) => {
    throw new KitError("KIT_DEV_SETTINGS", "Docker Compose does not accept .env or the Compose file", {
      why: error.why,
      fix: "correct what it names, then run the same command again",
      cause: error,
    })
  })
  return project
}

/** @returns undefined when Compose failed for another reason than a service that does not work */
async function unhealthy(project: Project, cause: KitError): Promise<KitError | undefined> {
  for (const service of services) {
    const id = await compose(project, ["ps", "--all", "--quiet", service]).catch(() => "")
    if (id === "" || (await isWell(id))) continue
    return new KitError("KIT_DEV_UNHEALTHY", `the ${service} does not answer its health check`, {
      why: await compose(project, ["logs", "--no-log-prefix", "--tail", "15", service], { all: true }),
      fix: `mend that; the ${service} reloads by itself, and the same command goes on`,
      cause,
    })
  }
  return undefined
}

/** One that was not started yet is not what is wrong. */
async function isWell(container: string): Promise<boolean> {
  const format = "{{.State.Status}} {{.State.Health.Status}}"
  return !/exited|unhealthy/.test(await run("docker", ["inspect", "--format", format, container]))
}
