import type { Docker } from "../docker/exec.ts"
import type { Outcome } from "../errors.ts"
import type { Envelope } from "../evidence/envelope.ts"
import type { NamedImage } from "../named-image.ts"
import { createObject, label, readObject, readObjects, type StateObject, stateLabels } from "./objects.ts"

export type ReleaseKind = "deploy" | "promotion" | "rollback" | "start"

/** What a release is, written down before it begins: all that is needed to bring it back. */
export interface Release {
  readonly number: number
  readonly kind: ReleaseKind
  readonly deployId: string
  /** When it began: ISO 8601, UTC, by the clock of whoever deployed. */
  readonly time: string
  /** Who deployed; empty when nobody said. */
  readonly actor: string
  /** The number of the release that ran before; 0 for none, or for one without a record. */
  readonly from: number
  /** The number of the release that this one brings back; for a rollback and a start. */
  readonly restores: number | undefined
  /** The release of another environment that this one promotes. */
  readonly promoted: { readonly environment: string; readonly number: number } | undefined
  /** What is known of the images' checks. */
  readonly evidence: readonly Envelope[]
  /** What spoke against a promotion, and was overruled by --allow-unverified. */
  readonly overruled: readonly string[]
  readonly images: readonly NamedImage[]
  /** The digest that the application calls its own: the backend's. */
  readonly digest: string
  readonly port: number
  readonly replicas: number
  /** The stack file's text. */
  readonly stackFile: string
  /** All variables of the stack file but those of one run (id, time, folders). */
  readonly variables: Readonly<Record<string, string>>
  /** SHA-256 of the stack file and its variables, images aside: which configuration it is. */
  readonly configuration: string
  readonly secrets: readonly string[]
  readonly configs: readonly string[]
}

/** How a release ended. Times in seconds since it began to change something. */
export interface Ended {
  readonly outcome: ReleaseOutcome
  readonly endedAt: string
  /** In all. */
  readonly seconds: number
  /** Until all tasks of the new release served. */
  readonly switchSeconds?: number | undefined
  /** Until it was found to be bad. */
  readonly detectSeconds?: number
  readonly probes?: { readonly sent: number; readonly failed: number }
  /** The error's code and message. */
  readonly code?: string
  readonly message?: string
}

/** interrupted: the deployer ended without a word. */
export type ReleaseOutcome = "deployed" | "interrupted" | Exclude<Outcome, "done" | "usage" | "incomplete">

/** A release with what became of it; undefined while it runs, or when its deployer was killed. */
export interface Recorded extends Release {
  readonly ended: Ended | undefined
  readonly object: StateObject
}

const endedLabel = "io.lockstep.ended"

/** @returns oldest first */
export async function readReleases(docker: Docker, stack: string): Promise<Recorded[]> {
  const objects = await readObjects(docker, "release", stack)
  return objects.map(recorded).sort((one, two) => one.number - two.number)
}

/** Those of all stacks in the swarm, each with its stack. */
export async function readAllReleases(docker: Docker): Promise<(Recorded & { readonly stack: string })[]> {
  const objects = await readObjects(docker, "release")
  return objects.map(object => ({ ...recorded(object), stack: object.labels[stateLabels.stack] ?? "" }))
}

/** Only who holds the lock calls this: the next number is then free. */
export async function recordRelease(docker: Docker, stack: string, release: Release): Promise<void> {
  const name = nameOf(stack, release.number)
  const id = await createObject(docker, { kind: "release", stack, name, data: release })
  const known = id ? undefined : await readObject(docker, name)
  // The same when the answer to a first try got lost.
  if (known && recorded(known).deployId !== release.deployId) throw new Error(`${name} exists already`)
}

export async function recordEnd(docker: Docker, stack: string, number: number, ended: Ended): Promise<void> {
  const object = await readObject(docker, nameOf(stack, number))
  if (object) await label(docker, object, { [endedLabel]: JSON.stringify(ended) })
}

function nameOf(stack: string, number: number): string {
  return `${stack}.release.${number}`
}

function recorded(object: StateObject): Recorded {
  const ended = object.labels[endedLabel]
  return {
    ...(JSON.parse(object.data) as Release),
    ended: ended === undefined ? undefined : (JSON.parse(ended) as Ended),
    object,
  }
}
