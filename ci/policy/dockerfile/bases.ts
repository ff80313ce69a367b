import type { Finding } from "../finding.ts"
import type { Stage } from "./stages.ts"

/** Images that are made from, or copied from, without a version. */
export function unpinnedBases(stages: readonly Stage[]): Finding[] {
  return stages.flatMap((stage, index) => {
    const earlier = new Set(stages.slice(0, index).flatMap((other, number) => [other.name, String(number)]))
    const images = [stage.base, ...copiedFrom(stage)].filter(image => !earlier.has(image.toLowerCase()))
    return images
      .filter(image => !isPinned(image))
      .map(image => ({
        code: "POLICY_BASE_UNPINNED",
        subject: stage.name,
        what: `${image || "its base"} ${fault(image)}`,
      }))
  })
}

/**
 * Pinned is: by digest, or by a tag that begins with a version. `latest`, `lts` and `bookworm` move on; so does
 * `24-bookworm-slim`, but only within what its maintainers call version 24, and the lock on what is deployed is the
 * digest of the built image.
 */
export function isPinned(image: string): boolean {
  if (image === "scratch" || /@sha256:[0-9a-f]{64}$/.test(image)) return true
  return /^v?\d[\w.-]*$/.test(tagOf(image)) || (tagOf(image) !== "" && distroless.test(image))
}

/** Distroless images have their versions in the name, nodejs24-debian12, and only the variant in the tag. */
const distroless = /\/[a-z-]+\d+-debian\d+:/

/** A colon before the last slash belongs to a registry's port. */
function tagOf(image: string): string {
  return /:([^:/@]*)$/.exec(image)?.[1] ?? ""
}

function fault(image: string): string {
  const tag = tagOf(image)
  return tag === "" ? "has no tag, which means latest" : `has a tag without a version`
}

/** COPY --from and RUN --mount=…,from= take images as well as stages. */
function copiedFrom({ instructions }: Stage): string[] {
  return instructions.flatMap(instruction => {
    const text = instruction.getTextContent()
    if (instruction.getKeyword() === "COPY") return matches(text, /\s--from=(\S+)/g)
    return instruction.getKeyword() === "RUN" ? matches(text, /\s--mount=\S*?\bfrom=([^\s,]+)/g) : []
  })
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(match => match[1] ?? "")
}
