import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import * as commands from "../docker/commands.ts"
import type { Docker } from "../docker/exec.ts"
import type { Snapshot } from "../docker/model.ts"
import { jsonLines } from "../docker/parse.ts"
import { type Extent, extentOf } from "../evidence/envelope.ts"
import { isUnset } from "../material.ts"
import type { Plan } from "../plan.ts"
import type { Change } from "../session.ts"
import type { Release } from "../state/releases.ts"
import { type Changes, compare, settingsIn, type Values } from "./changes.ts"

/** What a release would change. Of secrets and settings it has the names alone. */
export interface Proposal {
  readonly outcome: "planned"
  readonly environment: string
  readonly stack: string
  readonly kind: Release["kind"]
  /** The release that runs; 0 for none, or for one without a record. */
  readonly from: number
  readonly restores: number | undefined
  readonly promoted: Release["promoted"]
  /** Of what runs and of what would run; undefined for none. */
  readonly images: readonly { readonly name: string; readonly from?: string; readonly to?: string }[]
  readonly replicas: FromTo<number>
  readonly port: FromTo<number>
  readonly stackFileChanged: boolean
  /** Variables of the stack file, beside images, replicas and port. */
  readonly variables: Changes
  readonly settings: Changes
  readonly secrets: Changes
  /** Of the images' checks. */
  readonly evidence: Extent
  /** What speaks against it. */
  readonly objections: readonly string[]
  /** Of everything that makes the release, and of what runs now. */
  readonly hash: string
}

interface FromTo<T> {
  readonly from: T | undefined
  readonly to: T
}

export async function propose({ context, target, running, before }: Change, plan: Plan): Promise<Proposal> {
  const { release, folders } = plan
  const { kind, from, restores, promoted, evidence, overruled } = release
  return {
    ...{ outcome: "planned", environment: target.environment.name, stack: target.stack },
    ...{ kind, from, restores, promoted },
    images: imageChanges(running, release),
    replicas: { from: running?.replicas, to: release.replicas },
    port: { from: running?.port, to: release.port },
    stackFileChanged: running?.stackFile !== release.stackFile,
    variables: compare(otherVariables(running), otherVariables(release)),
    settings: compare(
      await settingsOf(context.docker, running),
      await settingsOf(context.docker, release, folders.CONFIGS_DIR),
    ),
    secrets: compare(secretsOf(target.stack, running), secretsOf(target.stack, release)),
    evidence: extentOf(evidence),
    objections: overruled,
    hash: hashOf(release, running, before),
  }
}

/** Ids and times are left out: the same release of the same state has the same hash. */
export function hashOf(release: Release, running: Release | undefined, before: Snapshot): string {
  const services = before.services.map(({ name, image, wanted }) => [name, image, wanted]).sort()
  const text = JSON.stringify([content(release), running && content(running), services])
  return createHash("sha256").update(text).digest("hex").slice(0, 16)
}

function content(release: Release) {
  const { images, stackFile, variables, secrets, configs, replicas, port, overruled } = release
  const sorted = Object.entries(variables).sort(([one], [two]) => (one < two ? -1 : 1))
  return { images, stackFile, variables: sorted, secrets, configs, replicas, port, overruled }
}

function imageChanges(running: Release | undefined, release: Release): Proposal["images"] {
  const digests = (of: Release | undefined) => new Map(of?.images.map(({ name, digest }) => [name, digest]))
  const [before, after] = [digests(running), digests(release)]
  return [...new Set([...after.keys(), ...before.keys()])].map(name => {
    const [from, to] = [before.get(name), after.get(name)]
    return { name, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  })
}

const shownElsewhere = /_IMAGE$|_VERSION$|^APP_DIGEST$|^DEPLOY_(REPLICAS|PORT)$/

function otherVariables(release: Release | undefined): Values {
  const all = Object.entries(release?.variables ?? {})
  return Object.fromEntries(all.filter(([name]) => !shownElsewhere.test(name)))
}

/** By name, the version of each secret that has a value. */
function secretsOf(stack: string, release: Release | undefined): Values {
  const parts = (release?.secrets ?? []).map(object => /^lockstep_(\w+)_([0-9a-f]+)$/.exec(object) ?? [])
  const set = parts.filter(([, name = "", version = ""]) => !isUnset(stack, name, version))
  return Object.fromEntries(set.map(([, name = "", version = ""]) => [name, version]))
}

/** @param folder where the release's configs lie; those of a recorded one are empty there, and are in the swarm */
async function settingsOf(docker: Docker, release: Release | undefined, folder?: string): Promise<Values> {
  const texts = (release?.configs ?? []).map(async object => {
    const name = /^lockstep_(\w+)_/.exec(object)?.[1] ?? ""
    const file = folder ? await readFile(join(folder, name), "utf8").catch(() => "") : ""
    return file || (await contentOf(docker, object))
  })
  return settingsIn((await Promise.all(texts)).join("\n"))
}

async function contentOf(docker: Docker, config: string): Promise<string> {
  const json = jsonLines((await docker(commands.configInspect([config]))).stdout)[0]
  return Buffer.from(json?.at("Spec", "Data").text ?? "", "base64").toString("utf8")
}
