import { describe, expect, it } from "vitest"
import { configurationHash, limitsFor } from "../../../ci/deployer/plan.ts"
import { outdated } from "../../../ci/deployer/prune.ts"
import { chooseRelease } from "../../../ci/deployer/rollback.ts"
import { runningRelease } from "../../../ci/deployer/session.ts"
import type { Recorded, ReleaseOutcome } from "../../../ci/deployer/state/releases.ts"
import { digest, image, service, snapshot } from "./fixtures.ts"

interface Changes extends Partial<Recorded> {
  readonly outcome?: ReleaseOutcome | "none"
}

function release(number: number, { outcome = "deployed", ...changes }: Changes = {}): Recorded {
  const own = `sha256:${String(number).padStart(64, "0")}`
  return {
    ...{ number, kind: "deploy", deployId: `d${number}`, time: "2026-01-02T03:04:05Z", actor: "", from: 0 },
    ...{ restores: undefined, promoted: undefined, evidence: [], overruled: [] },
    images: [{ name: "backend", reference: `r/backend@${own}`, digest: own }],
    ...{ digest: own, port: 80, replicas: 1, stackFile: "", variables: {}, configuration: "c" },
    ...{ secrets: [], configs: [] },
    ended: outcome === "none" ? undefined : { outcome, endedAt: "", seconds: 1 },
    object: { id: `o${number}`, name: "", version: 1, updatedAt: "", labels: {}, data: "" },
    ...changes,
  }
}

function chosen(releases: Recorded[], running: number | undefined, to?: string): number {
  const current = releases.find(({ number }) => number === running)
  return chooseRelease({ releases, running: current }, to).number
}

describe("a rollback goes to", () => {
  it("the good release before the one that runs", () => {
    expect(chosen([release(1), release(2), release(3)], 3)).toBe(2)
  })

  it("none that failed, was cut off or is under way", () => {
    const bad = [release(2, { outcome: "rolled-back" }), release(3, { outcome: "interrupted" })]
    expect(chosen([release(1), ...bad, release(4)], 4)).toBe(1)
    expect(chosen([release(1), release(2, { outcome: "none" }), release(3)], 3)).toBe(1)
  })

  it("further back when it is called again", () => {
    const back = release(4, { kind: "rollback", restores: 2, images: release(2).images })
    expect(chosen([release(1), release(2), release(3), back], 4)).toBe(1)
  })

  it("another content: the same deployed twice is one release to go back from", () => {
    const again = release(3, { images: release(2).images })
    expect(chosen([release(1), release(2), again], 3)).toBe(1)
    expect(chosen([release(1), release(2), { ...again, configuration: "other" }], 3)).toBe(2)
  })

  it("the last good one when nothing recorded runs", () => {
    expect(chosen([release(1), release(2)], undefined)).toBe(2)
  })

  it("the number that was asked for, a failed one as well", () => {
    expect(chosen([release(1, { outcome: "rolled-back" }), release(2)], 2, "1")).toBe(1)
  })

  it("the digest that was asked for: the last good release that has it, by its first digits as well", () => {
    const again = release(3, { digest: release(1).digest })
    const bad = release(4, { digest: release(1).digest, outcome: "rolled-back" })
    const releases = [release(1), release(2), again, bad, release(5)]
    expect(chosen(releases, 5, release(1).digest)).toBe(3)
    expect(chosen(releases, 5, release(2).digest)).toBe(2)
    const own = release(6, { digest: `sha256:abcdef012345${"6".repeat(52)}` })
    expect(chosen([...releases, own], 5, "sha256:abcdef012345")).toBe(6)
    expect(() => chosen(releases, 5, `sha256:${"f".repeat(64)}`)).toThrow("there is nothing to go back to")
  })

  it.each([
    [[], undefined, undefined],
    [[release(1)], 1, undefined],
    [[release(1)], 1, "7"],
  ])("nowhere, with a clear error, when there is none (%#)", (releases, running, to) => {
    expect(() => chosen(releases, running, to)).toThrowError(
      expect.objectContaining({ code: "DEPLOY_NO_RELEASE", outcome: "refused" }),
    )
  })
})

describe("the release that runs", () => {
  it("is the one whose id the services carry", () => {
    const releases = [release(1), release(2)]
    expect(runningRelease(releases, snapshot())?.number).toBe(2)
    expect(runningRelease(releases, snapshot({ services: [service({ labels: {} })] }))).toBeUndefined()
  })
})

describe("old records", () => {
  const many = (count: number, outcome: ReleaseOutcome) =>
    Array.from({ length: count }, (_, index) => release(index + 1, { outcome }))

  it("are kept up to fifty", () => {
    expect(outdated(many(50, "deployed"))).toEqual([])
    expect(outdated(many(53, "deployed")).map(({ number }) => number)).toEqual([1, 2, 3])
  })

  it("are kept longer when they are the last good ones", () => {
    const releases = [...many(2, "deployed"), ...many(60, "rolled-back")]
    expect(outdated(releases).filter(({ ended }) => ended?.outcome === "deployed")).toEqual([])
    expect(outdated(releases)).toHaveLength(10)
  })
})

describe("a configuration", () => {
  const variables = { DEPLOY_REPLICAS: "1", BACKEND_IMAGE: "r/a@sha256:1", APP_DIGEST: "sha256:1" }

  it("is the same for other images", () => {
    const other = { APP_DIGEST: "sha256:2", BACKEND_IMAGE: "r/a@sha256:2", DEPLOY_REPLICAS: "1" }
    expect(configurationHash("s", other)).toBe(configurationHash("s", variables))
  })

  it("is another with other settings or another stack file", () => {
    const hash = configurationHash("s", variables)
    expect(configurationHash("t", variables)).not.toBe(hash)
    expect(configurationHash("s", { ...variables, DEPLOY_REPLICAS: "2" })).not.toBe(hash)
    expect(configurationHash("s", { ...variables, KEY_VERSION: "1" })).not.toBe(hash)
  })
})

describe("the limits of a release", () => {
  const health = { startPeriodSeconds: 5, intervalSeconds: 5, timeoutSeconds: 3, retries: 3 }
  const images = [{ name: "backend", reference: image, digest, id: "sha256:i", health }]
  const wanted = (timeoutSeconds?: number, bakeSeconds?: number) => ({ timeoutSeconds, bakeSeconds })

  it("come from the health check, and grow with the replicas", () => {
    const one = limitsFor(images, 1, wanted())
    expect(one.bakeSeconds).toBe(34)
    expect(limitsFor(images, 4, wanted()).timeoutSeconds).toBeGreaterThan(one.timeoutSeconds)
  })

  it.each([
    [10, undefined],
    [34, undefined],
    [undefined, 33],
  ])("are refused when they are shorter than that: %s, %s", (timeout, bake) => {
    expect(() => limitsFor(images, 1, wanted(timeout, bake))).toThrowError(
      expect.objectContaining({ code: "DEPLOY_TIMEOUT_TOO_SHORT" }),
    )
  })

  it("have a shorter watch for what has been watched before, unless one was asked for", () => {
    expect(limitsFor(images, 1, wanted()).unchangedBakeSeconds).toBeLessThan(34)
    expect(limitsFor(images, 1, wanted(undefined, 60)).unchangedBakeSeconds).toBe(60)
  })

  it("are taken as they were asked for otherwise", () => {
    expect(limitsFor(images, 1, wanted(35, 60))).toMatchObject({ timeoutSeconds: 35, bakeSeconds: 60 })
  })
})
