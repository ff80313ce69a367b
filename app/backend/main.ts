import { readFileSync } from "node:fs"
import type { Problem } from "./config/problem.ts"
import { type Config, loadConfig, serviceName } from "./config.ts"
import { changeLevelOnSignal } from "./logging/level-signal.ts"
import { createLogging, type Logging } from "./logging/logger.ts"
import type { RunningServer } from "./server.ts"
import { startService } from "./service.ts"

const exitFailure = 1
/** EX_CONFIG of sysexits.h: a restart will not help, a person must change something. */
const exitBadConfig = 78

function main(): void {
  const result = loadConfig(process.env, path => readFileSync(path, "utf8"))
  if (!result.ok) refuse(result.problems)
  const logging = createLoggingFor(result.config)
  const { logger } = logging
  const die = (err: unknown) => {
    logger.fatal({ err }, "unexpected error")
    process.exit(exitFailure)
  }
  // Rejections that nobody handles come here too. What is left of the process cannot be trusted.
  process.on("uncaughtException", die)
  changeLevelOnSignal(process, logging)
  const starting = startService(result.config, logger)
  starting.catch(die)
  stopOnSignals(starting, logging)
}

function createLoggingFor({ environment, log, release }: Config): Logging {
  return flushedAtExit(createLogging({ ...log, service: serviceName, environment, version: release.version }))
}

/** Lines wait until the end of a turn of the event loop, and the last turn may end in the middle. */
function flushedAtExit(logging: Logging): Logging {
  process.on("exit", () => logging.flushSync())
  return logging
}

function refuse(problems: readonly Problem[]): never {
  const settings = { level: "info", service: serviceName, environment: "unknown" } as const
  const { logger } = flushedAtExit(createLogging({ ...settings, version: null, file: null }))
  for (const problem of problems) logger.fatal(problem, `${problem.variable} ${problem.rule}`)
  process.exit(exitBadConfig)
}

function stopOnSignals(starting: Promise<RunningServer>, { logger, close }: Logging): void {
  const stop = async (signal: NodeJS.Signals) => {
    logger.info({ signal }, "signal received")
    const server = await starting
    const outcome = await server.stop()
    await close()
    process.exit(outcome === "graceful" ? 0 : exitFailure)
  }
  // Not `once`: without a handler, a second signal would kill the process at once.
  process.on("SIGTERM", stop)
  process.on("SIGINT", stop)
}

main()
