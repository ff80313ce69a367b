import type { Cleaned } from "./clean.ts"
import { type DeployError, exitCodes } from "./errors.ts"
import { extentText } from "./evidence/envelope.ts"
import type { History, PastRelease } from "./history.ts"
import type { Deployed } from "./release.ts"
import type { Restarted } from "./restart.ts"
import type { Status } from "./status.ts"
import type { Stopped } from "./stop.ts"

export function deployedText(result: Deployed): string {
  const back = result.restores === undefined ? "" : `, which is release ${result.restores} once more`
  const { sent, failed } = result.probes
  return [
    `${result.environment} runs release ${result.number}${back}: ${result.seconds} s, switched after ${result.switchSeconds} s`,
    `  url       ${result.url}`,
    ...result.images.map(({ name, digest }) => `  ${name.padEnd(9)} ${digest}`),
    ...(sent > 0 ? [`  probes    ${sent}, ${failed} failed`] : []),
    `  evidence  ${extentText(result.evidence)}`,
    `  deploy    ${result.deployId}`,
  ].join("\n")
}

export function restartedText({ environment, services, seconds }: Restarted): string {
  return `restarted in ${environment} in ${seconds} s: ${services.join(", ")}`
}

export function historyText({ environment, releases }: History): string {
  if (releases.length === 0) return `${environment}: no release yet`
  const head = ["RELEASE", "WHEN", "WHAT", "OUTCOME", "SECONDS", "DIGEST", "CONFIG", "BY"]
  return table([head, ...releases.map(historyRow)])
}

function historyRow(release: PastRelease): string[] {
  const { number, kind, restores, promoted, overruled, ended } = release
  const what = restores === undefined ? kind : `${kind} of ${restores}`
  const source = promoted ? `${what} of ${promoted.environment} ${promoted.number}` : what
  return [
    `${number}${release.running ? " *" : ""}`,
    release.time,
    overruled.length > 0 ? `${source}, unverified` : source,
    ended ? [ended.outcome, ended.code].filter(Boolean).join(" ") : "under way",
    ended?.seconds ? String(ended.seconds) : "",
    shortDigest(release.digest),
    release.configuration,
    release.actor,
  ]
}

export function cleanedText({ environment, removed, kept }: Cleaned): string {
  const { releases, ...named } = removed
  const rows = Object.entries(named).flatMap(([kind, names]) => names.map(name => [kind.slice(0, -1), name]))
  const history = releases.length > 0 ? [["releases", releases.join(", ")]] : []
  const all = [...history, ...rows].map(row => [...row, "removed"])
  const left = kept.map(({ image, why }) => ["image", image, `kept: ${why.replace(/\s+/g, " ")}`])
  if (all.length + left.length === 0) return `${environment}: nothing to remove`
  return table([["WHAT", "NAME", "RESULT"], ...all, ...left])
}

export function stoppedText(result: Stopped): string {
  return result.wasRunning ? `${result.environment} is stopped` : `${result.environment} was not running`
}

export function statusText(status: Status): string {
  if (status.state === "not-deployed") return `${status.environment}: not deployed`
  const rows = status.services.map(service => [
    service.service,
    `${service.running}/${service.wanted}`,
    service.health,
    shortDigest(service.digest),
    service.deployedAt,
    service.url,
  ])
  const release = status.release === null ? "" : `\nrelease ${status.release}`
  const { lock } = status
  const locked = lock ? `\nlocked by ${lock.verb} ${lock.deployId} ${lock.actor}`.trimEnd() : ""
  return `${table([["SERVICE", "RUNNING", "HEALTH", "DIGEST", "DEPLOYED AT", "URL"], ...rows])}${release}${locked}`
}

export function shortDigest(digest: string): string {
  return digest.replace(/^(sha256:[0-9a-f]{12}).*/, "$1")
}

export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

export function errorText(error: DeployError): string {
  const evidence = error.evidence.map(line => `  | ${line}`)
  return [
    `error ${error.code}: ${error.message}`,
    ...evidence,
    `  why: ${error.why}`,
    `  do:  ${error.todo}`,
  ].join("\n")
}

export function errorJson(error: DeployError): object {
  const { code, message, why, todo, evidence, outcome, details } = error
  return {
    ...details,
    outcome,
    exitCode: exitCodes[outcome],
    error: { code, message, why, do: todo, evidence },
  }
}
