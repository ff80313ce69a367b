import { cp, mkdir, readFile, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { execa } from "execa"
import { allFilledIn, type Contexts, filledIn, holds } from "./expressions.ts"
import { type Job, needsOf, type Step, type Workflow } from "./workflow.ts"

/** What GitHub would know of a run. */
export interface Event {
  /** push, pull_request or workflow_dispatch */
  readonly name: string
  readonly vars: Readonly<Record<string, string>>
  /** Those of the repository, and of each environment. */
  readonly secrets: Readonly<Record<string, string>>
  readonly inputs?: Readonly<Record<string, string>>
  /** The values of a job's matrix, of which GitHub makes a job each. */
  readonly matrix?: Readonly<Record<string, string>>
  /** Variables that the runner's machine has. */
  readonly machine?: Readonly<Record<string, string>>
}

export interface StepResult {
  readonly name: string
  readonly exitCode: number
  readonly stdout: string
  /** All that the step printed. */
  readonly screen: string
  readonly seconds: number
}

export interface JobResult {
  readonly result: "success" | "failure" | "skipped"
  readonly outputs: Readonly<Record<string, string>>
  readonly steps: readonly StepResult[]
}

/** Runs a workflow's jobs on this machine, each in a checkout of its own, as GitHub's runner would. */
export class Runner {
  readonly #workflow: Workflow
  readonly #repository: string
  readonly #folder: string
  readonly #event: Event

  /** @param folder an empty one, for checkouts, artifacts and what the runner writes */
  constructor(workflow: Workflow, repository: string, folder: string, event: Event) {
    this.#workflow = workflow
    this.#repository = repository
    this.#folder = folder
    this.#event = event
  }

  /** Where an artifact was put. */
  artifact(name: string): string {
    return join(this.#folder, "artifacts", name)
  }

  /** All jobs, in the order of the file, which is that of their needs; or these alone, which need no others. */
  async run(names = Object.keys(this.#workflow.jobs)): Promise<Record<string, JobResult>> {
    const done: Record<string, JobResult> = {}
    for (const [name, job] of Object.entries(this.#workflow.jobs))
      if (names.includes(name)) done[name] = await this.#job(name, job, done)
    return done
  }

  async #job(name: string, job: Job, done: Readonly<Record<string, JobResult>>): Promise<JobResult> {
    const needs = Object.fromEntries(needsOf(job).map(needed => [needed, done[needed]]))
    const results = Object.values(needs).map(needed => needed?.result)
    const outcome = { failed: results.includes("failure") }
    const contexts = this.#contexts(name, needs)
    const skipped = results.includes("skipped") && !outcome.failed
    if (skipped || !holds(job.if, contexts, outcome)) return { result: "skipped", outputs: {}, steps: [] }
    const places = { repository: this.#repository, folder: this.#folder }
    return await new JobRun(job, contexts, this.#environment(job, contexts), places).run(name)
  }

  /** The variables of all its steps. */
  #environment(job: Job, contexts: Contexts): Record<string, string> {
    return {
      ...this.#event.machine,
      ...{ CI: "true", GITHUB_ACTIONS: "true", GITHUB_ACTOR: "ada", GITHUB_REF_NAME: "main" },
      ...{ GITHUB_WORKFLOW: this.#workflow.name },
      ...allFilledIn({ ...this.#workflow.env, ...job.env }, contexts),
    }
  }

  #contexts(job: string, needs: object): Contexts {
    const { name, vars, secrets, inputs = {}, matrix = {} } = this.#event
    const github = {
      ...{ event_name: name, event: {}, workflow: this.#workflow.name, run_id: "1", ref_name: "main" },
      token: "",
      ...{ server_url: "https://github.example", repository: "owner/shop", actor: "ada" },
    }
    const temp = join(this.#folder, job, "temp")
    return { github, vars, secrets, inputs, matrix, needs, steps: {}, runner: { temp } }
  }
}

/** One job, step by step. */
class JobRun {
  readonly #job: Job
  readonly #contexts: Contexts
  readonly #environment: Readonly<Record<string, string>>
  readonly #repository: string
  readonly #folder: string
  readonly #steps: Record<string, { outputs: Record<string, string> }> = {}

  constructor(
    job: Job,
    contexts: Contexts,
    environment: Readonly<Record<string, string>>,
    { repository, folder }: { repository: string; folder: string },
  ) {
    this.#job = job
    this.#contexts = { ...contexts, steps: this.#steps }
    this.#environment = environment
    this.#repository = repository
    this.#folder = folder
  }

  async run(name: string): Promise<JobResult> {
    const place = join(this.#folder, name)
    await mkdir(join(place, "temp"), { recursive: true })
    const results: StepResult[] = []
    for (const step of this.#job.steps) {
      const failed = results.some(({ exitCode }) => exitCode !== 0)
      if (holds(step.if, this.#contexts, { failed })) results.push(await this.#step(step, place))
    }
    const result = results.every(({ exitCode }) => exitCode === 0) ? "success" : "failure"
    return { result, outputs: allFilledIn(this.#job.outputs, this.#contexts), steps: results }
  }

  async #step(step: Step, place: string): Promise<StepResult> {
    const name = step.name ?? step.uses ?? ""
    if (step.uses === undefined) return await this.#script(name, step, place)
    await this.#action(step.uses, allFilledIn(step.with, this.#contexts), place)
    return { name, exitCode: 0, stdout: "", screen: "", seconds: 0 }
  }

  async #script(name: string, step: Step, place: string): Promise<StepResult> {
    const temp = join(place, "temp")
    const [output, environment] = [join(temp, "output"), join(temp, "environment")]
    await writeFile(output, "")
    const script = join(temp, "script.sh")
    await writeFile(script, filledIn(step.run, this.#contexts))
    const env = {
      ...given(),
      ...{ GITHUB_PATH: join(temp, "path"), GITHUB_OUTPUT: output, GITHUB_ENV: environment },
      ...{ RUNNER_TEMP: temp, GITHUB_WORKSPACE: join(place, "checkout") },
      ...(await valuesIn(environment)),
      ...this.#environment,
      ...allFilledIn(step.env, this.#contexts),
    }
    const shell = ["--noprofile", "--norc", "-eo", "pipefail", script]
    const options = { cwd: join(place, "checkout"), env, extendEnv: false, reject: false, all: true } as const
    const started = performance.now()
    const { exitCode = -1, stdout, all } = await execa("bash", shell, options)
    if (step.id) this.#steps[step.id] = { outputs: await valuesIn(output) }
    return { name, exitCode, stdout, screen: all, seconds: (performance.now() - started) / 1000 }
  }

  /** The actions that the workflow uses do what theirs do, with this machine's folders in the place of GitHub's. */
  async #action(uses: string, inputs: Readonly<Record<string, string>>, place: string): Promise<void> {
    const artifact = join(this.#folder, "artifacts", inputs.name ?? "")
    switch (uses.split("@")[0]) {
      case "actions/checkout":
        return await checkout(this.#repository, join(place, "checkout"), inputs["fetch-depth"] ?? "1")
      case "actions/upload-artifact":
        await mkdir(dirname(artifact), { recursive: true })
        return await cp(inputs.path ?? "", artifact, { recursive: true })
      default:
        throw new Error(`nobody knows here what ${uses} does`)
    }
  }
}

/** What a runner's machine has, and nothing of the one who runs the tests. */
function given(): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env
  return { PATH, HOME }
}

/** As actions/checkout leaves it: a detached head, and no more history than was asked for. */
async function checkout(repository: string, folder: string, depth: string): Promise<void> {
  const limit = depth === "0" ? [] : [`--depth=${depth}`]
  await execa("git", ["clone", "--quiet", ...limit, `file://${repository}`, folder])
  await execa("git", ["checkout", "--quiet", "--detach"], { cwd: folder })
}

/** Lines NAME=value; none when nobody wrote the file. */
async function valuesIn(file: string): Promise<Record<string, string>> {
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").filter(Boolean)
  return Object.fromEntries(lines.map(line => line.split(/=(.*)/s).slice(0, 2)))
}
