import { readFile } from "node:fs/promises"
import { parse } from "yaml"

export interface Step {
  readonly id?: string
  readonly name?: string
  readonly if?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface Job {
  readonly needs?: string | readonly string[]
  readonly if?: string
  readonly "runs-on": string
  readonly environment?: string
  readonly permissions: Readonly<Record<string, string>>
  readonly outputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> }
  readonly steps: readonly Step[]
}

export interface Workflow {
  readonly name: string
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Job>>
}

export const workflowFile = ".github/workflows/ci-cd.yml"

export async function readWorkflow(file = workflowFile): Promise<Workflow> {
  return parse(await readFile(file, "utf8")) as Workflow
}

export function needsOf({ needs }: Job): readonly string[] {
  return [needs ?? []].flat()
}
