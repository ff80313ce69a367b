export type Progress = (line: string) => void

/** Lines with the seconds since the start. A line that repeats is printed once. */
export function progressTo(
  write: (text: string) => void,
  now: () => number = () => performance.now(),
): Progress {
  const start = now()
  let last: string | undefined
  return line => {
    if (line === last) return
    last = line
    const seconds = ((now() - start) / 1000).toFixed(1)
    write(`[${seconds.padStart(6)}s] ${line}\n`)
  }
}
