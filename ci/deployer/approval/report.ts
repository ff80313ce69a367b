import { extentText } from "../evidence/envelope.ts"
import { shortDigest, table } from "../report.ts"
import type { Changes } from "./changes.ts"
import type { Proposal } from "./proposal.ts"

export function proposalText(plan: Proposal): string {
  const rows = [
    ...plan.images.map(({ name, from, to }) => [
      name,
      ...fromTo(from && shortDigest(from), to && shortDigest(to)),
    ]),
    ["replicas", ...fromTo(plan.replicas.from, plan.replicas.to)],
    ["port", ...fromTo(plan.port.from, plan.port.to)],
    ["stack file", plan.stackFileChanged ? "another one" : "unchanged"],
    ["variables", changes(plan.variables)],
    ["settings", changes(plan.settings)],
    ["secrets", changes(plan.secrets)],
    ["evidence", evidence(plan)],
  ]
  return [
    `plan for ${plan.environment}: ${what(plan)}, in place of ${plan.from === 0 ? "nothing recorded" : `release ${plan.from}`}`,
    ...table(rows)
      .split("\n")
      .map(line => `  ${line}`),
    `nothing was changed; to do exactly this: --confirm=${plan.hash}`,
  ].join("\n")
}

function what({ kind, restores, promoted }: Proposal): string {
  if (promoted) return `${kind} of release ${promoted.number} of ${promoted.environment}`
  return restores === undefined ? kind : `${kind} to release ${restores}`
}

function fromTo(from: string | number | undefined, to: string | number | undefined): string[] {
  if (from === to) return [`${to} unchanged`]
  return [`${from ?? "none"} -> ${to ?? "none"}`]
}

function changes({ added, changed, removed }: Changes): string {
  const parts = [
    ...(added.length > 0 ? [`added ${added.join(", ")}`] : []),
    ...(changed.length > 0 ? [`changed ${changed.join(", ")}`] : []),
    ...(removed.length > 0 ? [`removed ${removed.join(", ")}`] : []),
  ]
  return parts.join("; ") || "unchanged"
}

function evidence({ evidence: extent, objections, kind }: Proposal): string {
  if (objections.length > 0 && kind === "promotion")
    return `refused without --allow-unverified: ${objections.join("; ")}`
  if (objections.length > 0) return `${extentText(extent)}; ${objections.join("; ")}`
  return kind === "promotion" ? `${extentText(extent)}, all good` : extentText(extent)
}
