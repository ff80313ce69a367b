import type { PreflightRequest } from "../cli.ts"
import type { Context } from "../context.ts"
import type { Docker } from "../docker/exec.ts"
import { type Target, targetOf } from "../environments.ts"
import { DeployError } from "../errors.ts"
import { wantedPorts } from "../https.ts"
import { observe } from "../observe.ts"
import { insistOnOurs } from "../ownership.ts"
import { dockerVersions, insistOnFreePorts, insistOnManager } from "../preflight.ts"
import { table } from "../report.ts"
import { insistOnQuiet } from "../session.ts"
import { readHolder } from "../state/lock.ts"
import { readReleases } from "../state/releases.ts"
import { summarize } from "../status.ts"
import { type Check, check, type Finding } from "./check.ts"
import { clock, disk, nodes, privileges, readInfo, registry } from "./host.ts"
import { database, evidenceKey, material, promotion, registryOf, stackFile, webhook } from "./release.ts"
import { checkRows } from "./report.ts"

export interface Readiness {
  readonly outcome: "done"
  readonly environment: string
  readonly checks: readonly Check[]
}

/**
 * Looks at everything that a release needs, whatever is missing on the way.
 *
 * @throws DeployError DEPLOY_NOT_READY with the whole table when something is missing
 */
export async function readiness(context: Context, request: PreflightRequest): Promise<Readiness> {
  const checks: Check[] = []
  for (const [name, look] of looks(context, request)) {
    context.progress(name)
    checks.push(await check(name, look))
  }
  const missing = checks.filter(({ state }) => state === "missing").map(({ name }) => name)
  const environment = request.environment.name
  if (missing.length === 0) return { outcome: "done", environment, checks }
  throw new DeployError("DEPLOY_NOT_READY", `${environment} is not ready for a release`, {
    why: `missing: ${missing.join(", ")}`,
    todo: "mend what the table says, then run `preflight` again",
    evidence: table(checkRows(checks)).split("\n"),
    details: { environment, checks },
  })
}

type Look = readonly [name: string, look: () => Finding | Promise<Finding>]

function looks(context: Context, request: PreflightRequest): Look[] {
  const { docker } = context
  const target = targetOf(context.project, request.environment)
  const seen = () => observe(docker, target.stack)
  const container = async () => (await seen()).containers.find(({ running }) => running)?.id
  return [
    ["docker", async () => `Docker ${(await dockerVersions(docker)).server}`],
    ["swarm", async () => insistOnManager(docker).then(() => nodes(docker))],
    ["stack", () => stack(context, request)],
    ["lock", () => lock(context, target.stack)],
    ["port", async () => freePorts(docker, wantedPorts(request), target)],
    ["disk", async () => disk(docker, await container())],
    [
      "registry",
      async () => registry(docker, request.registry ?? (await recordedRegistry(context, target.stack))),
    ],
    ["privileges", async () => privileges(docker, await readInfo(docker), await container())],
    ["clock", async () => clock(await readInfo(docker), new Date())],
    ["stack file", () => stackFile(context, request)],
    ["secrets, settings", () => material(context, request, target.stack)],
    ["evidence key", () => evidenceKey(request)],
    ["webhook", () => webhook(request)],
    request.environment.deployable
      ? ["vulnerabilities", () => database(request)]
      : ["promotion", () => promotion(context, request)],
  ]
}

async function stack({ docker, project }: Context, { environment }: PreflightRequest): Promise<Finding> {
  const target = targetOf(project, environment)
  const now = await observe(docker, target.stack)
  insistOnOurs(now.services, target)
  insistOnQuiet(now.services, target)
  return `${target.stack}: ${summarize(now).state.replace("-", " ")}`
}

async function freePorts(docker: Docker, ports: readonly number[], target: Target): Promise<Finding> {
  await insistOnFreePorts(docker, ports, target)
  return `${ports.join(", ")} ${ports.length === 1 ? "is" : "are"} free or ours`
}

async function lock(context: Context, stackName: string): Promise<Finding> {
  const holder = await readHolder(context, stackName)
  if (!holder) return "free"
  const found = `held by ${holder.verb} ${holder.deployId} ${holder.actor}`.trimEnd()
  return { found, warning: "wait until it is done; a killed one is taken over by the next release" }
}

async function recordedRegistry({ docker }: Context, stackName: string): Promise<string | undefined> {
  return registryOf((await readReleases(docker, stackName)).at(-1)?.images[0]?.reference)
}
