import type { Finding } from "../model.ts"
import type { Reader } from "../run.ts"
import { modules } from "../tools.ts"

interface Mistake {
  readonly message: string
  readonly filepath: string
  readonly line: number
  readonly kind: string
}

/** What it finds does not run, or does something else than it says. */
export const actionlint: Reader = {
  version: modules.actionlint.version,
  complete: [0, 1],
  read(run, subject) {
    return { findings: (JSON.parse(run.stdout) as Mistake[]).map(finding), extent: subject }
  },
}

function finding({ message, filepath, line, kind }: Mistake): Finding {
  return {
    scan: "workflow-syntax",
    rule: kind,
    aliases: [],
    severity: "high",
    place: { subject: filepath, file: filepath, line },
    title: message,
    todo: `correct line ${line} of ${filepath}`,
    link: "https://github.com/rhysd/actionlint/blob/main/docs/checks.md",
  }
}
