import { KitError } from "../lib/errors.ts"
import type { Note } from "../lib/progress.ts"
import { run, succeeds } from "../lib/run.ts"
import { baseLabel, registryPort } from "../versions.ts"

/**
 * Leaves a base image in Docker itself under its ordinary name, as `docker build` needs it; the engine takes it from the
 * kit's registry. An image that was pulled from the public registry is kept; one of the kit's follows its registry.
 *
 * @param reference the name in the public registry, such as library/node:24-bookworm-slim
 * @throws KitError KIT_NO_BASE_IMAGE
 */
export async function ensureInDocker(reference: string, note: Note): Promise<void> {
  const name = ordinary(reference)
  note(name)
  const present = await makerOf(name)
  if (present === "other") return
  if (present === "none" && (await canPull(name))) await run("docker", ["pull", "--quiet", name])
  else await pullMirrored(reference, present === "kit")
}

/** Takes away what came from the kit's registry. */
export async function removeMirrored(reference: string): Promise<void> {
  for (const name of [mirrored(reference), ordinary(reference)]) {
    if ((await makerOf(name)) === "kit") await run("docker", ["rmi", name])
  }
}

/** @param present the image of before serves when the registry does not answer */
async function pullMirrored(reference: string, present: boolean): Promise<void> {
  const source = mirrored(reference)
  try {
    await run("docker", ["pull", "--quiet", source])
  } catch (error) {
    if (present) return
    throw noBaseImage(reference, error as KitError)
  }
  await run("docker", ["tag", source, ordinary(reference)])
}

/** Asking for the manifest fails soon where no public registry can be reached. */
async function canPull(name: string): Promise<boolean> {
  return await succeeds("docker", ["manifest", "inspect", name], { timeout: 15_000 })
}

async function makerOf(name: string): Promise<"kit" | "other" | "none"> {
  const format = ["--format", "{{json .Config.Labels}}"]
  const said = await run("docker", ["image", "inspect", ...format, name]).catch(() => undefined)
  if (said === undefined) return "none"
  const labels: Record<string, string> = JSON.parse(said) ?? {}
  return Object.entries(baseLabel).every(([label, value]) => labels[label] === value) ? "kit" : "other"
}

function ordinary(reference: string): string {
  return reference.replace("library/", "")
}

function mirrored(reference: string): string {
  return `localhost:${registryPort}/${reference}`
}

function noBaseImage(reference: string, cause: KitError): KitError {
  return new KitError("KIT_NO_BASE_IMAGE", `Docker has no image ${ordinary(reference)}`, {
    why: `neither the public registry nor the kit's gives it: ${cause.why || cause.message}`,
    fix: "npm run kit -- up makes it and a registry for it; then run the same command again",
    cause,
  })
}
