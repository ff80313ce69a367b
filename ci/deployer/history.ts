import type { HistoryRequest } from "./cli.ts"
import type { Context } from "./context.ts"
import { observe } from "./observe.ts"
import { openSession, runningRelease } from "./session.ts"
import { readHolder } from "./state/lock.ts"
import { type Ended, type Recorded, type Release, readReleases } from "./state/releases.ts"

/** A release for people and programs: without its stack file. */
export interface PastRelease extends Omit<Release, "stackFile" | "variables" | "evidence"> {
  /** Undefined while it is under way. */
  readonly ended: Ended | undefined
  /** Whether it is the one that runs. */
  readonly running: boolean
}

export interface History {
  readonly environment: string
  /** Newest first. */
  readonly releases: readonly PastRelease[]
}

export async function history(context: Context, request: HistoryRequest): Promise<History> {
  const { context: patient, target } = await openSession(context, request.environment)
  const { docker } = patient
  const [releases, now, holder] = [
    await readReleases(docker, target.stack),
    await observe(docker, target.stack),
    await readHolder(patient, target.stack),
  ]
  const running = runningRelease(releases, now)
  const newest = releases.slice(-request.limit).reverse()
  return {
    environment: request.environment.name,
    releases: newest.map(release => past(release, release === running, holder?.deployId)),
  }
}

function past(release: Recorded, running: boolean, lockedBy: string | undefined): PastRelease {
  const { stackFile: _, variables: __, evidence: ___, object: ____, ended, ...rest } = release
  const interrupted = { outcome: "interrupted", endedAt: "", seconds: 0 } as const
  return { ...rest, ended: ended ?? (lockedBy === release.deployId ? undefined : interrupted), running }
}
