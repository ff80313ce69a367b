import { setTimeout as sleep } from "node:timers/promises"
import { send } from "./notification/request.ts"

export interface NotifyOptions {
  /** Takes a line for people. */
  readonly warn: (line: string) => void
  /** The time between two attempts; longer for the second. */
  readonly backoffMilliseconds?: number
  /** For one attempt. */
  readonly limitMilliseconds?: number
}

/** What is sent: `text` as Slack and those like it show it, and whatever else. */
export interface Message {
  readonly text: string
}

const attempts = 3

/**
 * Tells a webhook what happened. It never throws and takes less than 20 seconds whatever the other side does, since a
 * deployment must not fail or hang because nobody listens. What cannot be told ends as a warning.
 *
 * @param webhook see `webhookFrom`
 * @returns whether it was told
 */
export async function notify(webhook: URL, message: Message, options: NotifyOptions): Promise<boolean> {
  const { backoffMilliseconds = 500, limitMilliseconds = 5000 } = options
  const body = JSON.stringify(message)
  for (let attempt = 1; ; attempt++) {
    const answer = await send(webhook, body, limitMilliseconds)
    if (answer.kind === "accepted") return true
    if (answer.kind === "refused" || attempt === attempts) {
      options.warn(`warning: nobody was notified: ${webhook.hostname} ${answer.words}`)
      return false
    }
    await sleep(backoffMilliseconds * attempt)
  }
}
