/** What the checks of services outside share. */
export interface OutgoingOptions {
  readonly fetch?: typeof fetch
  /** Read at each request: what goes out beside the check's own headers, such as a correlation id. */
  readonly headers?: () => Readonly<Record<string, string>>
}

/** Lists of models and of namespaces are well below it. */
export const maxAnswerBytes = 4 * 1024 * 1024
