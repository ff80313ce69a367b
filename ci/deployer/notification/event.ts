import { type DeployError, exitCodes, type Outcome } from "../errors.ts"

export interface DeployEvent {
  readonly environment: string
  /** What was done, such as deploy, rollback or promotion. */
  readonly kind: string
  readonly outcome: Outcome
  /** Of the release, in the environment's history. */
  readonly release?: number | undefined
  /** By the image's name. */
  readonly digests: Readonly<Record<string, string>>
  /** Who did it. */
  readonly actor?: string | undefined
  readonly seconds: number
  /** Where the release answers. */
  readonly url?: string | undefined
  /** Why it failed. Only its code and its message are told: log lines and causes may hold what is secret. */
  readonly error?: Told | undefined
}

/** What is sent: `text` as Slack and those like it show it, and the same for programs. */
export interface Notification {
  readonly text: string
  readonly lockstep: Omit<DeployEvent, "error"> & {
    readonly exitCode: number
    readonly error?: Told
  }
}

/** Built field by field: whatever else the event holds is not told. */
export function notification(event: DeployEvent): Notification {
  const { environment, kind, outcome, release, digests, actor, seconds, url, error } = event
  return {
    text: textOf(event),
    lockstep: {
      ...{ environment, kind, outcome, exitCode: exitCodes[outcome] },
      ...{ release, digests: { ...digests }, actor, seconds, url },
      ...(error ? { error: told(error) } : {}),
    },
  }
}

type Told = Pick<DeployError, "code" | "message">

/** The message of an error that nobody foresaw may hold anything. */
function told({ code, message }: Told): Told {
  if (code === "DEPLOY_INTERNAL") return { code, message: "a defect; the deployment's own output tells more" }
  return { code, message: message.slice(0, 500) }
}

const endings: Record<Outcome, string> = {
  done: "done",
  internal: "failed by a defect; look at the environment",
  refused: "refused; nothing was changed",
  locked: "refused: somebody else is at work; nothing was changed",
  "rolled-back": "failed; the previous release runs again",
  removed: "failed; it was the first release, and nothing of it is left",
  "rollback-failed": "failed, and so did the way back: a person has to look",
  incomplete: "failed half-way; something is still there",
  usage: "refused: wrong arguments",
}

function textOf({ environment, kind, outcome, release, actor, seconds, url, error }: DeployEvent): string {
  const what = [kind, release === undefined ? "" : `of release ${release}`, `to ${environment}`, by(actor)]
  const end = `${endings[outcome]} (${seconds} s)`
  const lines = [`${what.filter(Boolean).join(" ")}: ${end}`]
  if (error) lines.push(`${error.code}: ${told(error).message}`)
  if (url && outcome === "done") lines.push(url)
  return escaped(lines.join("\n"))
}

function by(actor: string | undefined): string {
  return actor ? `by ${actor}` : ""
}

/** Slack's three: without this, an actor called <!channel> would call everybody. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}
