import type {
  CheckReport,
  HealthCheck,
  HealthFinding,
  HealthLogger,
  HealthReport,
  HealthStatus,
} from "./types.ts"

export interface HealthRegistry {
  /** Runs the checks side by side, at most for the time limit. Never rejects. */
  report(): Promise<HealthReport>
}

export interface RegistryOptions {
  readonly checks: readonly HealthCheck[]
  readonly logger: HealthLogger
  readonly timeoutMs: number
}

/** Collects the checks. Callers that ask at the same time share one run. */
export function createHealthRegistry({ checks, logger, timeoutMs }: RegistryOptions): HealthRegistry {
  const lastStatus = new Map<string, HealthStatus>()
  let running: Promise<HealthReport> | undefined

  async function runOne(check: HealthCheck): Promise<[string, CheckReport]> {
    const { report, err } = await runCheck(check, timeoutMs)
    const from = lastStatus.get(check.name) ?? "pass"
    lastStatus.set(check.name, report.status)
    if (from !== report.status) {
      const fields = { check: check.name, from, to: report.status, reason: report.message, err }
      if (report.status === "pass") logger.info(fields, "health check recovered")
      else logger.warn(fields, "health check changed for the worse")
    }
    return [check.name, report]
  }

  return {
    report() {
      running ??= Promise.all(checks.map(runOne))
        .then(entries => combine(Object.fromEntries(entries)))
        .finally(() => {
          running = undefined
        })
      return running
    },
  }
}

/** The status of the whole: the worst of its parts. */
export function combine(checks: Readonly<Record<string, CheckReport>>): HealthReport {
  const statuses = Object.values(checks).map(check => check.status)
  const status = statuses.includes("fail") ? "fail" : statuses.includes("warn") ? "warn" : "pass"
  return { status, checks }
}

async function runCheck(
  check: HealthCheck,
  timeoutMs: number,
): Promise<{ report: CheckReport; err?: unknown }> {
  const start = performance.now()
  const { finding, err } = await tryWithin(check, timeoutMs)
  const report = {
    ...finding,
    status: finding.status === "fail" && !check.critical ? "warn" : finding.status,
    critical: check.critical,
    latencyMs: Math.round((performance.now() - start) * 100) / 100,
    checkedAt: new Date().toISOString(),
  }
  return { report, err }
}

// A check that ignores its signal is left behind: the answer must not wait for it.
async function tryWithin(
  check: HealthCheck,
  timeoutMs: number,
): Promise<{ finding: HealthFinding; err?: unknown }> {
  const expiry = new AbortController()
  const timer = setTimeout(() => expiry.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  const expired = new Promise<never>((_, reject) => {
    expiry.signal.addEventListener("abort", () => reject(expiry.signal.reason))
  })
  try {
    return { finding: await Promise.race([expired, check.run(expiry.signal)]) }
  } catch (err) {
    // The error itself goes to the log only: it may hold an address or a key, and anyone may ask for health.
    const message = expiry.signal.aborted ? `no answer within ${timeoutMs} ms` : "the check failed"
    return { finding: { status: "fail", message }, err }
  } finally {
    clearTimeout(timer)
  }
}
