import type { Exception, Finding } from "./model.ts"

export interface Applied {
  /** The same ones in the same order; those that an exception covers are waived. */
  readonly findings: readonly Finding[]
  /** What speaks against `clean`: exceptions that would still be needed and have expired. */
  readonly reasons: readonly string[]
  /** Exceptions that cover nothing. */
  readonly warnings: readonly string[]
  readonly exceptions: readonly (Exception & { readonly used: boolean })[]
}

/**
 * @param today 2026-12-31, in UTC
 * @param complete whether everything was looked at; else nobody knows what an exception without finding would cover
 */
export function applyExceptions(
  findings: readonly Finding[],
  exceptions: readonly Exception[],
  today: string,
  complete = true,
): Applied {
  const valid = exceptions.filter(exception => !isExpired(exception, today))
  const covering = (finding: Finding) => valid.find(exception => covers(exception, finding))
  const open = findings.filter(finding => !covering(finding))
  const matches = (exception: Exception, among: readonly Finding[]) =>
    among.some(finding => covers(exception, finding))
  const missed = exceptions.filter(exception => isExpired(exception, today) && matches(exception, open))
  const used = valid.filter(exception => matches(exception, findings))
  const unused = exceptions.filter(exception => !used.includes(exception) && !missed.includes(exception))
  return {
    findings: findings.map(finding => waivedBy(covering(finding), finding)),
    reasons: missed.map(
      exception => `the exception ${nameOf(exception)} expired on ${exception.expires}, ${exception.owner}`,
    ),
    warnings: unused
      .filter(() => complete)
      .map(exception => `the exception ${nameOf(exception)} covers nothing: remove it`),
    exceptions: exceptions.map(exception => ({ ...exception, used: used.includes(exception) })),
  }
}

/** Whether it is meant for this finding, whatever the day. Names are compared as they are written. */
export function covers({ id, package: name }: Exception, { rule, aliases, ...finding }: Finding): boolean {
  return (rule === id || aliases.includes(id)) && (finding.package?.name ?? finding.place.subject) === name
}

function isExpired({ expires }: Exception, today: string): boolean {
  return expires < today
}

/** Somebody's decision says more than what else waives a finding, so it takes that one's place. */
function waivedBy(exception: Exception | undefined, finding: Finding): Finding {
  if (!exception) return finding
  const { expires, owner, reason } = exception
  return { ...finding, waived: `exception until ${expires}, ${owner}: ${reason}` }
}

function nameOf(exception: Exception): string {
  return `${exception.id} of ${exception.package}`
}
