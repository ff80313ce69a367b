import type { Finding } from "../model.ts"
import type { Reader } from "../run.ts"

interface Broken {
  readonly code: string
  readonly checked: string
  readonly subject: string
  readonly what: string
  readonly do: string
}

/** The project's own rules, as `dagger call policy` prints them. */
export const policy: Reader = {
  version: "1",
  complete: [0, 1],
  read(run) {
    const { checked, findings } = JSON.parse(run.stdout) as { checked: string[]; findings: Broken[] }
    return { findings: findings.map(finding), extent: checked.join(", ") }
  },
}

function finding({ code, checked, subject, what, do: todo }: Broken): Finding {
  const title = `${subject}: ${what}`
  return {
    scan: "policy",
    rule: code,
    aliases: [],
    severity: "high",
    place: { subject: checked },
    title,
    todo,
  }
}
