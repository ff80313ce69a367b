/** Whether a file was not there: another process, or a person, may have moved or removed it in the meantime. */
export const isGone = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT"
