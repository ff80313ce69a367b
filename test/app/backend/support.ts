import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { onTestFinished } from "vitest"
import type { LogLevel } from "../../../app/backend/logging/config.ts"
import { createLogging, type Logger } from "../../../app/backend/logging/logger.ts"

export type LogRecord = Record<string, unknown>

/** A real logger that keeps its lines; `records` parses them, so a line that is no JSON fails the test. */
export function captureLogs(level: LogLevel = "debug"): {
  logger: Logger
  lines: string[]
  records: () => LogRecord[]
} {
  const lines: string[] = []
  const stdout = { write: (line: string) => void lines.push(line) }
  const { logger } = createLogging(
    { level, service: "test", environment: "development", version: "1.2.3", file: null },
    { stdout },
  )
  return { logger, lines, records: () => lines.map(line => JSON.parse(line) as LogRecord) }
}

/** Serves on a free port of the loopback until the test is over; returns the base URL. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
