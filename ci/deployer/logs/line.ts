/** A line of a service's log. */
export interface LogLine {
  /** As the stack file calls it. */
  readonly service: string
  /** When Docker got it: ISO 8601, UTC; empty for a remark of Docker's own. */
  readonly time: string
  readonly text: string
}

/** @param line as `docker service logs --raw --timestamps` prints it */
export function parseLogLine(service: string, line: string): LogLine {
  const [, time, text] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/s.exec(line) ?? []
  return time === undefined ? { service, time: "", text: line } : { service, time, text: text ?? "" }
}

/** Oldest first; a line without a time stays where it is. */
export function inOrder(lines: readonly LogLine[]): LogLine[] {
  return [...lines].sort((one, two) => {
    if (one.time === "" || two.time === "" || one.time === two.time) return 0
    return one.time < two.time ? -1 : 1
  })
}

/** For people: the service in front. What would move the terminal's cursor or colour it is left out. */
export function logText({ service, text }: LogLine, width: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  return `${service.padEnd(width)} | ${text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")}`
}

/** For programs: the application's own object, with the service's name. Any other line becomes such an object. */
export function logJson({ service, time, text }: LogLine): string {
  return JSON.stringify(
    objectIn(text) ? { ...objectIn(text), service } : { timestamp: time, service, message: text },
  )
}

function objectIn(text: string): object | undefined {
  if (!text.startsWith("{")) return undefined
  try {
    return JSON.parse(text) as object
  } catch {
    return undefined
  }
}
