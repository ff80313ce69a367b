/** Where lines go. None of it throws. */
export interface Sink {
  /** Takes a line, one JSON object with its newline; it is written within this turn of the event loop. */
  write(line: string): void
  /** Writes what waits, as far as that is possible without waiting. */
  flush(): void
  /** Writes what waits, before it returns; waits for a slow reader for some time. */
  flushSync(): void
}
