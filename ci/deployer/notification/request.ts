export type Answer =
  | { readonly kind: "accepted" }
  /** It may be better a moment later. */
  | { readonly kind: "failed"; readonly words: string }
  | { readonly kind: "refused"; readonly words: string }

/**
 * One attempt. Redirects are not followed: the address is a secret, and so is what is sent, and both are for that host alone.
 *
 * @returns an answer in any case; its words hold nothing of the address
 */
export async function send(webhook: URL, body: string, limitMilliseconds: number): Promise<Answer> {
  const signal = AbortSignal.timeout(limitMilliseconds)
  try {
    const response = await fetch(webhook, {
      ...{ method: "POST", redirect: "manual", signal, body },
      headers: { "content-type": "application/json", "user-agent": "lockstep" },
    })
    // What it says is of no interest, however long it is.
    await response.body?.cancel()
    return answerOf(response.status)
  } catch (error) {
    if (signal.aborted) return { kind: "failed", words: `did not answer in ${limitMilliseconds / 1000} s` }
    return { kind: "failed", words: `could not be reached (${codeOf(error)})` }
  }
}

function answerOf(status: number): Answer {
  if (status >= 200 && status < 300) return { kind: "accepted" }
  const words = `answered ${status}`
  return { kind: status === 408 || status === 429 || status >= 500 ? "failed" : "refused", words }
}

/** The code alone: the message of such an error may hold the address. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const code = (cause as { code?: unknown } | undefined)?.code
  return typeof code === "string" && /^\w+$/.test(code) ? code : "unknown error"
}
