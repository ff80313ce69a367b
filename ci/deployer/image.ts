import type { Context } from "./context.ts"
import * as commands from "./docker/commands.ts"
import type { Docker } from "./docker/exec.ts"
import type { HealthTiming, Image } from "./docker/model.ts"
import { jsonLines, parseImage } from "./docker/parse.ts"
import { DeployError } from "./errors.ts"
import { isDiskFull } from "./failure.ts"
import type { NamedImage } from "./named-image.ts"

/** An image that is on this node. */
export interface FetchedImage extends NamedImage {
  readonly id: string
  readonly health: HealthTiming
}

/** All images of a release, one after the other: each has a line of the progress. */
export async function fetchImages(
  { docker, progress }: Pick<Context, "docker" | "progress">,
  images: readonly NamedImage[],
): Promise<FetchedImage[]> {
  const fetched: FetchedImage[] = []
  for (const image of images) {
    progress(`image ${image.name} ${image.digest}`)
    fetched.push(await fetchImage(docker, image))
  }
  return fetched
}

/**
 * Makes sure that the image is on this node before a service asks for it: a registry that is down then costs
 * nothing but this message. An image that is here already needs no registry, as a digest never changes meaning.
 */
async function fetchImage(docker: Docker, image: NamedImage): Promise<FetchedImage> {
  const { reference } = image
  const { id, health } = (await inspect(docker, reference)) ?? (await pull(docker, reference))
  if (health) return { ...image, id, health }
  throw new DeployError("DEPLOY_NO_HEALTHCHECK", `the image ${image.name} has no HEALTHCHECK`, {
    why: "without one, nobody can tell a release that works from one that merely runs",
    todo: "add a HEALTHCHECK to the image's Dockerfile",
  })
}

async function inspect(docker: Docker, image: string): Promise<Image | undefined> {
  const json = jsonLines((await docker(commands.imageInspect(image))).stdout)[0]
  return json && parseImage(json)
}

async function pull(docker: Docker, image: string): Promise<Image> {
  const result = await docker(commands.pull(image), { timeoutSeconds: 600 })
  const found = result.code === 0 ? await inspect(docker, image) : undefined
  if (found) return found
  if (isDiskFull(result.stderr)) throw diskFull(image, result.stderr)
  throw new DeployError("DEPLOY_IMAGE_UNAVAILABLE", `cannot get ${image}`, {
    why: result.stderr.trim() || "Docker pulled it and then did not know it",
    todo: "check that the registry runs, that this digest was pushed to it, and that Docker is logged in to it",
  })
}

function diskFull(image: string, stderr: string): DeployError {
  return new DeployError("DEPLOY_DISK_FULL", `there is no room for ${image}`, {
    why: stderr.trim(),
    todo: "make room on the target (`docker system df` there shows what Docker has), then deploy again",
  })
}
