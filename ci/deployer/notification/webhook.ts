import { readFile } from "node:fs/promises"
import { DeployError } from "../errors.ts"

/**
 * The webhook's address out of a file.
 *
 * @throws DeployError DEPLOY_WEBHOOK_UNUSABLE; never with the address, which is a secret
 */
export async function webhookFrom(file: string): Promise<URL> {
  return webhookUrl(await readFile(file, "utf8"))
}

export function webhookUrl(text: string): URL {
  const address = text.trim()
  if (address === "") throw unusable("it is empty")
  const url = URL.canParse(address) && !/\s/.test(address) ? new URL(address) : undefined
  if (!url) throw unusable("it is no URL")
  if (url.protocol !== "https:" && url.protocol !== "http:") throw unusable("it is neither https nor http")
  if (url.username || url.password) throw unusable("it holds a user or a password, which are not sent")
  return url
}

function unusable(why: string): DeployError {
  return new DeployError("DEPLOY_WEBHOOK_UNUSABLE", "the address of the webhook cannot be used", {
    why,
    todo: "see what --webhook, or WEBHOOK in .env, names: env://VARIABLE or file://PATH with an https address in it",
    outcome: "usage",
  })
}
