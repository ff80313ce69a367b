import type { Dependency, HealthReport, VersionInfo } from "../../../app/frontend/src/logic/health-types.ts"

export function dependency(fields: Partial<Dependency> = {}): Dependency {
  return {
    name: "pinecone",
    status: "healthy",
    critical: false,
    latencyMs: 12.3,
    ageMs: 4000,
    stale: false,
    lastError: null,
    latency: { count: 20, p50: 10, p95: 20, p99: 30 },
    recentLatenciesMs: [10, 20, 12.3],
    ...fields,
  }
}

export function report(fields: Partial<HealthReport> = {}): HealthReport {
  return {
    status: "healthy",
    service: "lockstep-backend",
    environment: "staging",
    version: "1.2.3",
    commit: "8709760ab3c1d2e4f5061728394a5b6c7d8e9f00",
    digest: `sha256:${"7509bfc0".repeat(8)}`,
    phase: "ready",
    uptimeSeconds: 90,
    dependencies: [dependency()],
    routes: [],
    ...fields,
  }
}

export const version: VersionInfo = {
  commit: null,
  digest: null,
  version: "1.2.3",
  environment: "staging",
  startedAt: "2026-11-24T12:00:00.000Z",
}
