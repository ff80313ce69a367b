import { spawn } from "node:child_process"
import { once } from "node:events"
import { openSync } from "node:fs"
import { onTestFinished } from "vitest"
import type { BurstOptions } from "./fixtures/burst.ts"
import type { OutputOptions } from "./fixtures/output.ts"

/** A real process that logs; its standard output goes to a file. */
export function startBurst(options: BurstOptions, stdoutPath: string) {
  return startFixture("burst", options, openSync(stdoutPath, "w"))
}

/** A real process whose standard output is a pipe that does not block. */
export const startOutput = (options: OutputOptions) => startFixture("output", options, "pipe")

/** Starts fixtures/NAME.ts with its options as JSON. */
function startFixture(name: string, options: object, stdout: number | "pipe") {
  const path = `${import.meta.dirname}/fixtures/${name}.ts`
  const child = spawn(process.execPath, ["--import", "tsx", path, JSON.stringify(options)], {
    stdio: ["ignore", stdout, "pipe"],
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  let stderr = ""
  child.stderr?.setEncoding("utf8").on("data", chunk => {
    stderr += chunk
  })
  return { child, closed: once(child, "close"), stderr: () => stderr }
}
