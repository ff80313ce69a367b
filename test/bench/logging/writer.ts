import { once } from "node:events"
import { createRequire } from "node:module"
import { join } from "node:path"
import { setImmediate as turn } from "node:timers/promises"
import type { LogConfig } from "../../../app/backend/logging/config.ts"
import { createLogging } from "../../../app/backend/logging/logger.ts"

// Writes so many lines to a log file, a few in each turn of the event loop, and prints the milliseconds until all
// are in the file: `writer KIND FOLDER LINES BENCH_FOLDER`.

const linesEachTurn = 50
const maxMegabytes = 10
const identity = { service: "bench", environment: "bench", version: "1" }

interface Writer {
  log(fields: object, message: string): void
  end(): Promise<unknown>
}

const [kind = "", folder = "", lines = "", benchFolder = ""] = process.argv.slice(2)
const load = createRequire(`${benchFolder}package.json`)
const file = join(folder, "app.log")

const pinoOptions = () => ({
  base: identity,
  timestamp: load("pino").stdTimeFunctions.isoTime,
  formatters: { level: (level: string) => ({ level }) },
})

function lockstep(stdout?: { write(): void }): Writer {
  const large = { maxAgeMs: 1e9, maxFiles: 1000, maxTotalBytes: 1e12, compress: false }
  const config: LogConfig = {
    ...identity,
    level: "info",
    file: { path: file, maxBytes: maxMegabytes * 1e6, ...large },
  }
  const { logger, close } = createLogging(config, stdout ? { stdout } : {})
  return { log: logger.info, end: close }
}

function pinoTo(destination: object): Writer {
  const { pino } = load("pino")
  const stream = pino.destination({ dest: file, ...destination })
  const logger = pino(pinoOptions(), stream)
  const end = async () => {
    const closed = once(stream, "close")
    stream.end()
    await closed
  }
  return { log: (fields, message) => logger.info(fields, message), end }
}

async function pinoRoll(): Promise<Writer> {
  const stream = await load("pino-roll")({ file, size: `${maxMegabytes}m` })
  const logger = load("pino")(pinoOptions(), stream)
  const end = async () => {
    const closed = once(stream, "close")
    stream.end()
    await closed
  }
  return { log: (fields, message) => logger.info(fields, message), end }
}

function pinoRollTransport(): Writer {
  const { pino } = load("pino")
  const { formatters: _, ...options } = pinoOptions()
  const target = { target: load.resolve("pino-roll"), options: { file, size: `${maxMegabytes}m` } }
  const transport = pino.transport(target)
  const logger = pino(options, transport)
  const end = async () => {
    const closed = once(transport, "close")
    // Its thread does not keep the process.
    const alive = setInterval(() => {}, 1000)
    transport.end()
    await closed
    clearInterval(alive)
  }
  return { log: (fields, message) => logger.info(fields, message), end }
}

function winston(): Writer {
  const { createLogger, format } = load("winston")
  const DailyRotateFile = load("winston-daily-rotate-file")
  const transport = new DailyRotateFile({
    filename: join(folder, "app-%DATE%.log"),
    maxSize: `${maxMegabytes}m`,
  })
  const logger = createLogger({
    format: format.combine(format.timestamp(), format.json()),
    defaultMeta: identity,
    transports: [transport],
  })
  const end = async () => {
    const finished = once(transport, "finish")
    logger.end()
    await finished
  }
  return { log: (fields, message) => logger.info(message, fields), end }
}

const writers = {
  lockstep: () => lockstep({ write() {} }),
  "lockstep-and-stdout": () => lockstep(),
  "pino-sync": () => pinoTo({ sync: true }),
  "pino-async": () => pinoTo({ sync: false }),
  "pino-roll": pinoRoll,
  "pino-roll-transport": pinoRollTransport,
  winston,
}
export type WriterKind = keyof typeof writers

async function main(): Promise<void> {
  const { log, end } = await writers[kind as WriterKind]()
  const request = { method: "GET", route: "/api/items/:id", path: "/api/items/42", status: 200, bytes: 512 }
  const start = performance.now()
  for (let n = 0; n < Number(lines); n++) {
    log({ n, ...request, durationMs: n % 100 }, "request")
    if (n % linesEachTurn === 0) await turn()
  }
  await end()
  process.stderr.write(String(performance.now() - start))
}

void main()
