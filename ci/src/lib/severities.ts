import { type Severity, severities } from "../../scanner/model.js"
import { errorText } from "./failure.js"

const known = severities.filter(severity => severity !== "unknown")

/** @throws Error SCAN_UNKNOWN_SEVERITY */
export function knownSeverity(name: string): Severity {
  const severity = known.find(one => one === name)
  if (severity) return severity
  throw new Error(
    errorText(
      "SCAN_UNKNOWN_SEVERITY",
      `there is no severity "${name}"`,
      `a finding that fails the scan is one of ${known.join(", ")}, or worse`,
      `give one of them as --fail-on: ${known.join(", ")}`,
    ),
  )
}
