import { DeployError, exitCodes, toDeployError } from "./errors.ts"
import { escaped } from "./notification/event.ts"
import { webhookFrom } from "./notification/webhook.ts"
import { notify } from "./notify.ts"
import { errorText } from "./report.ts"

/** Tells a webhook a sentence: node tell.ts FILE TEXT, with the webhook's address in the file. */
async function tell([file = "", text = ""]: readonly string[]): Promise<void> {
  const warnings: string[] = []
  const options = { warn: (line: string) => warnings.push(line) }
  if (await notify(await webhookFrom(file), { text: escaped(text) }, options)) return
  throw new DeployError("DEPLOY_NOT_NOTIFIED", "nobody was notified", {
    why: warnings.join("; ").replace("warning: nobody was notified: ", ""),
    todo: "see whether the receiver runs, and what --webhook, or WEBHOOK in .env, names",
  })
}

try {
  await tell(process.argv.slice(2))
} catch (thrown) {
  const error = toDeployError(thrown)
  process.stderr.write(`${errorText(error)}\n`)
  process.exitCode = exitCodes[error.outcome]
}
