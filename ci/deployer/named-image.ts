import { DeployError } from "./errors.ts"
import { usageError } from "./usage.ts"

/** An image, and what the stack file calls it: `backend` fills in BACKEND_IMAGE. */
export interface NamedImage {
  readonly name: string
  /** By digest. */
  readonly reference: string
  readonly digest: string
}

const imageByDigest = /^([a-z][a-z0-9-]*)=([a-z0-9][a-z0-9.:/_-]*@(sha256:[0-9a-f]{64}))$/i

export function namedImages(texts: readonly string[]): NamedImage[] {
  const images = texts.map(namedImage)
  const twice = images.find(({ name }, index) => images.findIndex(other => other.name === name) < index)
  if (twice)
    throw usageError(`--image ${twice.name} is given twice`, "each image of the stack file has one name")
  if (images.length > 0) return images
  throw usageError("--image is missing", "deploy needs it")
}

function namedImage(given: string): NamedImage {
  const [, name, reference, digest] = imageByDigest.exec(given) ?? []
  if (name && reference && digest) return { name, reference, digest }
  throw new DeployError(
    "DEPLOY_IMAGE_NOT_BY_DIGEST",
    `${JSON.stringify(given)} does not name an image by digest`,
    {
      why: "a tag can mean another image tomorrow; only a digest is what was tested",
      todo: "give --image as NAME=REPOSITORY@sha256:… (the build prints the digest)",
      outcome: "usage",
    },
  )
}
