import type { Trust } from "../deployer/evidence/envelope.ts"
import { table } from "../deployer/report.ts"
import type { Attached } from "./attach.ts"
import type { Row } from "./row.ts"
import type { Verified } from "./verify.ts"

export function verifiedText({ reference, checks, keyId, evidence }: Verified): string {
  const counted =
    keyId === undefined
      ? "no key was given: signatures did not count, and whoever can write to the registry can write this"
      : `signed with the key ${shortKey(keyId)}`
  return [rowTable(evidence), `${reference} passed ${checks.join(", ")}`, `  ${counted}`].join("\n")
}

export function rowTable(rows: readonly Row[]): string {
  return table([["WHAT", "SIGNED BY", "WHEN", "RESULT"], ...rows.map(cells)])
}

function cells({ what, keyId, trust, when, result }: Row): string[] {
  return [what, signedBy(keyId, trust), when ?? "", result].map(printable)
}

const said: Record<Trust, string> = {
  signed: "",
  unsigned: "",
  "other key": ", another key",
  altered: ", ALTERED",
}

function signedBy(keyId: string | undefined, trust: Trust | undefined): string {
  if (keyId === undefined) return "UNSIGNED"
  return `${shortKey(keyId) || "unnamed key"}${trust ? said[trust] : ", not checked"}`
}

function shortKey(keyId: string): string {
  return keyId.slice(0, 12)
}

/** Strangers may have written it: no control characters reach the terminal, and no cell is wider than a line. */
function printable(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]/g, "?")
  return plain.length > 64 ? `${plain.slice(0, 63)}…` : plain
}

export function attachedText({ image, added, present }: Attached, isSigned: boolean): string {
  const before = present > 0 ? `, ${present} there already` : ""
  return `evidence of ${image}: ${added} statements attached${before}${isSigned ? "" : ", UNSIGNED: no signing key is given"}`
}
