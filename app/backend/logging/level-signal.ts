import type { LogLevel } from "./config.ts"
import type { Logging } from "./logger.ts"

/** What of `process` is needed here. */
export interface SignalSource {
  on(signal: "SIGUSR2", listener: () => void): unknown
}

const steps: readonly LogLevel[] = ["info", "debug", "trace"]

/**
 * Lets SIGUSR2 change the level of a running process: to info, debug, trace, and then back to the level that it
 * has now. Each change is logged.
 */
export function changeLevelOnSignal(
  source: SignalSource,
  logging: Pick<Logging, "level" | "setLevel">,
): void {
  const configured = logging.level()
  source.on("SIGUSR2", () => {
    const level = logging.level()
    const back = configured === "trace" ? "info" : configured
    logging.setLevel(level === "trace" ? back : (steps[steps.indexOf(level) + 1] ?? configured))
  })
}
