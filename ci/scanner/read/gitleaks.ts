import type { Finding } from "../model.ts"
import { type Reader, readReport } from "../run.ts"
import { modules } from "../tools.ts"

interface Leak {
  readonly RuleID: string
  readonly Description: string
  readonly File: string
  readonly StartLine: number
  readonly Commit: string
}

/** It is told to end with 0 whatever it finds, so that every other code is an error. */
export const gitleaks: Reader = {
  version: modules.gitleaks.version,
  complete: [0],
  read(run, subject) {
    const leaks = readReport(run, "report.json")
    if (!Array.isArray(leaks)) throw new Error("it wrote no report")
    return { findings: leaks.map(leak => finding(leak as Leak, subject)), extent: "" }
  },
}

/** A secret that was once in the history or in a layer is known to all who could pull: taking it out does not help. */
function finding({ RuleID, Description, File, StartLine, Commit }: Leak, subject: string): Finding {
  return {
    scan: "secrets",
    rule: RuleID,
    aliases: [],
    severity: "critical",
    place: {
      // By its path an exception names it, whether it is in the tree or in the history.
      subject: subject.startsWith("image ") ? subject : File,
      file: File,
      line: StartLine,
      ...(Commit && { commit: Commit.slice(0, 12) }),
    },
    title: Description,
    todo: "change the secret where it is used, then take it out; who has a copy still has it",
  }
}
