/**
 * Whoever stops the run ends the call that is under way; what was started for it is removed as after any failure. The
 * signal may come several times, once from the terminal and once from each program in between.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => controller.abort())
  return controller.signal
}
