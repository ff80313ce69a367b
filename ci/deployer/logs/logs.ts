import type { LogsRequest } from "../cli.ts"
import type { Context } from "../context.ts"
import * as commands from "../docker/commands.ts"
import type { Service } from "../docker/model.ts"
import { DeployError } from "../errors.ts"
import { readServices } from "../observe.ts"
import { insistOnOurs } from "../ownership.ts"
import { chooseServices, shortName } from "../services.ts"
import { openSession, type Session } from "../session.ts"
import { inOrder, type LogLine, logJson, logText, parseLogLine } from "./line.ts"

/**
 * Prints what the containers of an environment wrote, in the order of its time. With --follow it goes on until it is told
 * to stop, and prints each line as it comes.
 */
export async function logs(
  context: Context,
  request: LogsRequest,
  print: (line: string) => void,
): Promise<void> {
  const session = await openSession(context, request.environment)
  const { docker } = session.context
  const all = await readServices(docker, session.target.stack)
  insistOnOurs(all, session.target)
  const services = chooseServices(all, session.target, request.service)
  const width = Math.max(...services.map(service => shortName(service, session.target).length))
  const show = (line: LogLine) => print(request.json ? logJson(line) : logText(line, width))
  const lines: LogLine[] = []
  const take = request.follow ? show : (line: LogLine) => void lines.push(line)
  await Promise.all(services.map(service => read(session, service, request, take)))
  for (const line of inOrder(lines)) show(line)
}

async function read(
  { context, target }: Session,
  service: Service,
  request: LogsRequest,
  take: (line: LogLine) => void,
): Promise<void> {
  const name = shortName(service, target)
  const line = (text: string) => take(parseLogLine(name, text))
  const args = commands.serviceLogs(service.id, request)
  const { code, last } = await context.followDocker(args, { line, signal: context.signal })
  if (code === 0) return
  throw new DeployError("DEPLOY_LOGS_FAILED", `the log of ${name} cannot be read`, {
    why: last || "docker service logs said nothing",
    todo: /EOF|connect/i.test(last)
      ? "the connection to Docker ended: run it again"
      : "the containers must write with the log driver json-file, local or journald",
    outcome: "internal",
  })
}
