import { rm } from "node:fs/promises"
import { reachedAt } from "./address.ts"
import type { Proposal } from "./approval/proposal.ts"
import { proposalText } from "./approval/report.ts"
import { clean } from "./clean.ts"
import { parseRequest, type ReleaseRequest, type Request } from "./cli.ts"
import type { Context } from "./context.ts"
import { deploy } from "./deploy.ts"
import { dockerAt } from "./docker/connect.ts"
import { actorName, projectName } from "./environments.ts"
import { exitCodes, toDeployError } from "./errors.ts"
import { history } from "./history.ts"
import { logs } from "./logs/logs.ts"
import { notifying } from "./notification/release.ts"
import { materialDir } from "./plan.ts"
import { progressTo } from "./progress.ts"
import { promotable } from "./promotion.ts"
import { readiness } from "./readiness/readiness.ts"
import { readinessText } from "./readiness/report.ts"
import type { Deployed } from "./release.ts"
import {
  cleanedText,
  deployedText,
  errorJson,
  errorText,
  historyText,
  restartedText,
  statusText,
  stoppedText,
} from "./report.ts"
import { restart } from "./restart.ts"
import { rollback, start } from "./rollback.ts"
import { status } from "./status.ts"
import { stop } from "./stop.ts"
import { usage } from "./usage.ts"

interface Printed {
  readonly text: string
  readonly json: object
}

/** Runs one verb; returns what to print, for people and for programs, unless it has printed all itself. */
async function run(request: Request, context: Context): Promise<Printed | undefined> {
  switch (request.verb) {
    case "help":
      return { text: usage, json: { usage } }
    case "deploy":
      return released(context, request, deploy)
    case "rollback":
      return released(context, request, rollback)
    case "start":
      return released(context, request, start)
    case "restart":
      return printed(await restart(context, request), restartedText)
    case "stop":
      return printed(await stop(context, request.environment), stoppedText)
    case "status":
      return printed(await status(context, request.environment), statusText)
    case "promotable":
      return printed(await promotable(context, request), result => JSON.stringify(result))
    case "logs":
      await logs(context, request, line => process.stdout.write(`${line}\n`))
      return undefined
    case "clean":
      return printed(await clean(context, request.environment), cleanedText)
    case "preflight":
      return printed(await readiness(context, request), readinessText)
    case "history":
      return printed(await history(context, request), historyText)
  }
}

async function released<R extends ReleaseRequest>(
  context: Context,
  request: R,
  release: (context: Context, request: R) => Promise<Deployed | Proposal>,
): Promise<Printed> {
  const result = await notifying(context, request, () => release(context, request))
  return result.outcome === "planned" ? printed(result, proposalText) : printed(result, deployedText)
}

function printed<T extends object>(result: T, text: (result: T) => string): Printed {
  return { text: text(result), json: result }
}

/** A first signal ends the deploy in order; a second one ends the process as usual. */
function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort())
  return controller.signal
}

async function main(argv: readonly string[]): Promise<number> {
  const asJson = argv.includes("--json")
  try {
    const request = parseRequest(argv)
    const context: Context = {
      ...dockerAt(process.env),
      project: projectName(process.env.LOCKSTEP_PROJECT),
      actor: actorName(process.env.LOCKSTEP_ACTOR),
      host: reachedAt(process.env.DOCKER_HOST),
      progress: progressTo(text => process.stderr.write(text)),
      signal: stopSignal(),
    }
    const result = await run(request, context)
    if (result) process.stdout.write(`${asJson ? JSON.stringify(result.json) : result.text}\n`)
    return exitCodes.done
  } catch (thrown) {
    const error = toDeployError(thrown)
    process.stderr.write(`${errorText(error)}\n`)
    if (asJson) process.stdout.write(`${JSON.stringify(errorJson(error))}\n`)
    return exitCodes[error.outcome]
  } finally {
    // It holds secrets.
    await rm(materialDir, { recursive: true, force: true })
  }
}

process.exitCode = await main(process.argv.slice(2))
