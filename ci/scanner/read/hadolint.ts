import type { Finding, Severity } from "../model.ts"
import type { Reader } from "../run.ts"
import { wheels } from "../tools.ts"

interface Hint {
  readonly code: string
  readonly file: string
  readonly line: number
  readonly level: "error" | "warning" | "info" | "style"
  readonly message: string
}

const severity: Record<Hint["level"], Severity> = {
  error: "high",
  warning: "medium",
  info: "low",
  style: "low",
}

export const hadolint: Reader = {
  version: wheels.hadolint.version,
  complete: [0, 1],
  read(run, subject) {
    const hints = JSON.parse(run.stdout) as Hint[]
    return { findings: hints.map(finding), extent: subject }
  },
}

function finding({ code, file, line, level, message }: Hint): Finding {
  return {
    scan: "dockerfiles",
    rule: code,
    aliases: [],
    severity: severity[level] ?? "unknown",
    place: { subject: file, file, line },
    title: message,
    todo: `change line ${line} of ${file}`,
    link: `https://github.com/hadolint/hadolint/wiki/${code}`,
  }
}
