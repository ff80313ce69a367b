import type { Deployed } from "./deploy.ts"
import { type DeployError, exitCodes } from "./errors.ts"
import type { Status } from "./status.ts"
import type { Stopped } from "./stop.ts"

export function deployedText(result: Deployed): string {
  return [
    `deployed to ${result.environment} in ${result.seconds} s`,
    `  url       ${result.url}`,
    ...result.images.map(({ name, digest }) => `  ${name.padEnd(9)} ${digest}`),
    `  deploy    ${result.deployId}`,
  ].join("\n")
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
  return table([["SERVICE", "RUNNING", "HEALTH", "DIGEST", "DEPLOYED AT", "URL"], ...rows])
}

export function shortDigest(digest: string): string {
  return digest.replace(/^(sha256:[0-9a-f]{12}).*/, "$1")
}

function table(rows: readonly (readonly string[])[]): string {
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
  const { code, message, why, todo, evidence, outcome } = error
  return { outcome, exitCode: exitCodes[outcome], error: { code, message, why, do: todo, evidence } }
}
