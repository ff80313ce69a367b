import { type ExecaError, execa, type Options } from "execa"
import { KitError } from "./errors.ts"

const shownLines = 15

/**
 * Runs a tool to its end and returns what it printed on stdout, without the last newline.
 *
 * @throws KitError KIT_TOOL_MISSING when it is not on PATH, KIT_TOOL_FAILED with the last lines that it printed.
 */
export async function run(command: string, args: string[], options: Options = {}): Promise<string> {
  const result = await execa(command, args, { stdin: "ignore", all: true, reject: false, ...options })
  if (!result.failed) return String(result.stdout ?? "")
  throw toolError(command, args, result as unknown as ExecaError)
}

/** True when the tool ran and ended with 0; what it prints is of no interest. */
export async function succeeds(command: string, args: string[], options: Options = {}): Promise<boolean> {
  const result = await execa(command, args, { stdin: "ignore", reject: false, ...options })
  return !result.failed
}

function toolError(command: string, args: string[], result: ExecaError): KitError {
  if (result.code === "ENOENT") {
    return new KitError("KIT_TOOL_MISSING", `${command} is not installed`, {
      why: `the kit needs it for: ${command} ${args.slice(0, 3).join(" ")}`,
      fix: `install ${command}, or run as root on Debian or Ubuntu, where the kit installs it`,
    })
  }
  const printed = String(result.all ?? "").trim()
  return new KitError(
    "KIT_TOOL_FAILED",
    `${[command, ...args].join(" ").slice(0, 200)} ended with ${ending(result)}`,
    {
      why: printed.split("\n").slice(-shownLines).join("\n") || result.shortMessage,
      fix: "mend what the tool complains about and run the same command again: finished steps are kept",
      cause: result,
    },
  )
}

function ending(result: ExecaError): string {
  if (result.timedOut) return "a time-out"
  return result.exitCode === undefined ? `signal ${result.signal}` : `exit code ${result.exitCode}`
}
