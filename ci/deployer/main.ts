import { reachedAt } from "./address.ts"
import { parseRequest, type Request, usage } from "./cli.ts"
import type { Context } from "./context.ts"
import { deploy } from "./deploy.ts"
import { dockerAt } from "./docker/connect.ts"
import { projectName } from "./environments.ts"
import { exitCodes, toDeployError } from "./errors.ts"
import { notifying } from "./notification/deployment.ts"
import { progressTo } from "./progress.ts"
import { deployedText, errorJson, errorText, statusText, stoppedText } from "./report.ts"
import { status } from "./status.ts"
import { stop } from "./stop.ts"

/** Runs one verb; returns what to print, for people and for programs. */
async function run(request: Request, context: Context): Promise<{ text: string; json: object }> {
  if (request.verb === "help") return { text: usage, json: { usage } }
  if (request.verb === "deploy") {
    const result = await notifying(context, request, () => deploy(context, request))
    return { text: deployedText(result), json: result }
  }
  if (request.verb === "stop") {
    const result = await stop(context, request.environment)
    return { text: stoppedText(result), json: result }
  }
  const result = await status(context, request.environment)
  return { text: statusText(result), json: result }
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
      docker: dockerAt(process.env),
      project: projectName(process.env.LOCKSTEP_PROJECT),
      host: reachedAt(process.env.DOCKER_HOST),
      progress: progressTo(text => process.stderr.write(text)),
      signal: stopSignal(),
    }
    const { text, json } = await run(request, context)
    process.stdout.write(`${asJson ? JSON.stringify(json) : text}\n`)
    return exitCodes.done
  } catch (thrown) {
    const error = toDeployError(thrown)
    process.stderr.write(`${errorText(error)}\n`)
    if (asJson) process.stdout.write(`${JSON.stringify(errorJson(error))}\n`)
    return exitCodes[error.outcome]
  }
}

process.exitCode = await main(process.argv.slice(2))
