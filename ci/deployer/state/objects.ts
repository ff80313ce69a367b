import { post } from "../docker/api.ts"
import * as commands from "../docker/commands.ts"
import { type Docker, must } from "../docker/exec.ts"
import { type Json, jsonLines, words } from "../docker/parse.ts"

/**
 * The state of an environment is kept in its swarm, as config objects: a name is taken by one alone, and every manager
 * knows it.
 */
export interface StateObject {
  readonly id: string
  readonly name: string
  /** Changes with each change of the labels. */
  readonly version: number
  /** When the labels last changed, by Swarm's clock. */
  readonly updatedAt: string
  readonly labels: Readonly<Record<string, string>>
  /** Never changes. */
  readonly data: string
}

export type Kind = "lock" | "release"

/** By which the objects of one kind and stack are found. */
export const stateLabels = { kind: "io.lockstep.kind", stack: "io.lockstep.stack" } as const

/** @returns its id, or undefined when the name is taken */
export async function createObject(
  docker: Docker,
  { kind, stack, name, data }: { kind: Kind; stack: string; name: string; data: object },
): Promise<string | undefined> {
  const labels = { [stateLabels.kind]: kind, [stateLabels.stack]: stack }
  const args = commands.configCreate(name, labels)
  const result = await docker(args, { input: JSON.stringify(data) })
  if (result.code === 0) return result.stdout.trim()
  if (/already exists|AlreadyExists/.test(result.stderr)) return undefined
  return must(async () => result, args)
}

/** @param stack undefined: those of all stacks */
export async function readObjects(docker: Docker, kind: Kind, stack?: string): Promise<StateObject[]> {
  const filter = { [stateLabels.kind]: kind, ...(stack === undefined ? {} : { [stateLabels.stack]: stack }) }
  const ids = words(await must(docker, commands.configList(filter)))
  if (ids.length === 0) return []
  // One that is gone by now is no error: those that exist are printed all the same.
  return jsonLines((await docker(commands.configInspect(ids))).stdout).map(parseObject)
}

/** @returns undefined when there is none */
export async function readObject(docker: Docker, nameOrId: string): Promise<StateObject | undefined> {
  const result = await docker(commands.configInspect([nameOrId]))
  const json = jsonLines(result.stdout)[0]
  if (json) return parseObject(json)
  if (/no such config|not found/i.test(result.stderr)) return undefined
  await must(async () => result, commands.configInspect([nameOrId]))
  return undefined
}

/** Adds labels. Docker refuses when the object has been changed since it was read. */
export async function label(docker: Docker, object: StateObject, labels: Record<string, string>) {
  const body = { Name: object.name, Labels: { ...object.labels, ...labels } }
  await post(docker, `/configs/${object.id}/update?version=${object.version}`, body)
}

/** One that is gone already is no error. */
export async function removeObjects(docker: Docker, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await docker(commands.configRemove(ids))
}

function parseObject(json: Json): StateObject {
  const spec = json.at("Spec")
  return {
    id: json.at("ID").text,
    name: spec.at("Name").text,
    version: json.at("Version", "Index").number ?? 0,
    updatedAt: json.at("UpdatedAt").text,
    labels: spec.at("Labels").record,
    data: Buffer.from(spec.at("Data").text, "base64").toString("utf8"),
  }
}
