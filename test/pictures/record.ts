import { execa } from "execa"

export const columns = 120

export interface Recording {
  readonly exitCode: number
  /** All bytes that the terminal got, colours and movements of the cursor included. */
  readonly output: string
}

/**
 * Types a command into a terminal of its own, and waits for its end.
 *
 * @throws Error when it ends with another exit code than is expected: a picture of an accident helps nobody
 */
export async function record(command: string, cwd: string, expected = 0): Promise<Recording> {
  const inside = `stty cols ${columns} rows 50; ${command}`
  const terminal = { TERM: "xterm-256color", COLORTERM: "truecolor", NO_COLOR: undefined, CI: undefined }
  const result = await execa(
    "script",
    ["--quiet", "--return", "--echo", "never", "--command", inside, "/dev/null"],
    {
      cwd,
      env: { ...terminal, DAGGER_NO_NAG: "1", DO_NOT_TRACK: "1" },
      reject: false,
      stripFinalNewline: false,
    },
  )
  const { exitCode = -1, stdout: output } = result
  if (exitCode === expected) return { exitCode, output }
  throw new Error(`${command} ended with ${exitCode}, not ${expected}:\n${output}`)
}
