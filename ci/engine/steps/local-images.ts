import { KitError } from "../lib/errors.ts"
import type { Note } from "../lib/progress.ts"
import { run, succeeds } from "../lib/run.ts"
import { registryPort } from "../versions.ts"

/**
 * Leaves a base image in Docker itself under its ordinary name, as `docker build` needs it; the engine takes it from the
 * kit's registry. An image that was pulled from the public registry is kept; one from the kit's follows that.
 *
 * @param reference the name in the public registry, such as library/node:24-bookworm-slim
 * @throws KitError KIT_NO_BASE_IMAGE
 */
export async function ensureInDocker(reference: string, note: Note): Promise<void> {
  const name = ordinary(reference)
  const present = await imageId(name)
  if (present !== undefined && present !== (await imageId(mirrored(reference)))) return note(name)
  if (present === undefined && (await canPull(name))) await run("docker", ["pull", "--quiet", name])
  else await pullMirrored(reference, present)
  note(name)
}

/** Takes away what came from the kit's registry. */
export async function removeMirrored(reference: string): Promise<void> {
  const own = await imageId(mirrored(reference))
  if (own === undefined) return
  const same = own === (await imageId(ordinary(reference)))
  await run("docker", ["rmi", mirrored(reference), ...(same ? [ordinary(reference)] : [])])
}

/** @param present the image that has the name; it serves when the registry does not answer */
async function pullMirrored(reference: string, present: string | undefined): Promise<void> {
  const source = mirrored(reference)
  const pulled = await run("docker", ["pull", "--quiet", source]).catch(error => error as KitError)
  if (pulled instanceof Error) {
    if (present === undefined) throw noBaseImage(reference, pulled)
    return
  }
  await run("docker", ["tag", source, ordinary(reference)])
}

/** Asking for the manifest fails soon where no public registry can be reached. */
async function canPull(name: string): Promise<boolean> {
  return await succeeds("docker", ["manifest", "inspect", name], { timeout: 15_000 })
}

async function imageId(name: string): Promise<string | undefined> {
  return await run("docker", ["image", "inspect", "--format", "{{.Id}}", name]).catch(() => undefined)
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
