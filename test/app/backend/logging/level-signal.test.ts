import { EventEmitter } from "node:events"
import { expect, test } from "vitest"
import type { LogLevel } from "../../../../app/backend/logging/config.ts"
import { changeLevelOnSignal } from "../../../../app/backend/logging/level-signal.ts"
import { createLogging } from "../../../../app/backend/logging/logger.ts"

test.each([
  ["info", ["debug", "trace", "info", "debug"]],
  ["debug", ["trace", "debug", "trace", "debug"]],
  ["warn", ["info", "debug", "trace", "warn"]],
  ["silent", ["info", "debug", "trace", "silent"]],
  ["trace", ["info", "debug", "trace", "info"]],
] as const)(
  "from %s each signal goes one step on, and says so",
  (level: LogLevel, expected: readonly LogLevel[]) => {
    const lines: string[] = []
    const stdout = { write: (line: string) => void lines.push(line) }
    const config = { level, service: "s", environment: "e", version: null, file: null }
    const logging = createLogging(config, { stdout })
    const source = new EventEmitter()
    changeLevelOnSignal(source, logging)
    const levels = expected.map(() => {
      source.emit("SIGUSR2")
      return logging.level()
    })
    expect(levels).toEqual(expected)
    expect(lines.map(line => JSON.parse(line).to)).toEqual(expected)
  },
)
