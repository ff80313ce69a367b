import { describe, expect, it } from "vitest"
import { compare, settingsIn } from "../../../../ci/deployer/approval/changes.ts"
import { hashOf, type Proposal } from "../../../../ci/deployer/approval/proposal.ts"
import { proposalText } from "../../../../ci/deployer/approval/report.ts"
import { parseRequest } from "../../../../ci/deployer/cli.ts"
import type { Release } from "../../../../ci/deployer/state/releases.ts"
import { before, digest, image, nothing } from "../fixtures.ts"

const release: Release = {
  ...{ number: 3, kind: "deploy", deployId: "d3", time: "2026-01-02T03:04:05Z", actor: "ada", from: 2 },
  ...{ restores: undefined, promoted: undefined, evidence: [], overruled: [] },
  ...{ images: [{ name: "backend", reference: image, digest }], digest, port: 80, replicas: 2 },
  ...{ stackFile: "services:", variables: { A: "1", B: "2" }, configuration: "c" },
  ...{ secrets: ["lockstep_X_1"], configs: ["lockstep_SETTINGS_1"] },
}

describe("the hash of a plan", () => {
  const hash = hashOf(release, release, before)

  it("is that of the same release tomorrow, by somebody else", () => {
    const again = {
      ...release,
      number: 9,
      deployId: "d9",
      time: "2027-01-01T00:00:00Z",
      actor: "bob",
      from: 8,
    }
    expect(hashOf({ ...again, variables: { B: "2", A: "1" } }, release, before)).toBe(hash)
  })

  it.each<[string, Partial<Release>]>([
    ["an image", { images: [{ name: "backend", reference: image, digest: "sha256:other" }] }],
    ["a variable", { variables: { A: "1", B: "3" } }],
    ["a secret's version", { secrets: ["lockstep_X_2"] }],
    ["the settings", { configs: ["lockstep_SETTINGS_2"] }],
    ["the stack file", { stackFile: "services: {}" }],
    ["the port", { port: 81 }],
    ["the replicas", { replicas: 3 }],
    ["what speaks against it", { overruled: ["no evidence"] }],
  ])("is another one with %s, in what would run and in what runs", (_, change) => {
    expect(hashOf({ ...release, ...change }, release, before)).not.toBe(hash)
    expect(hashOf(release, { ...release, ...change }, before)).not.toBe(hash)
  })

  it("is another one when other services run, or none", () => {
    expect(hashOf(release, undefined, before)).not.toBe(hash)
    expect(hashOf(release, release, nothing)).not.toBe(hash)
  })
})

it("compares by name", () => {
  expect(compare({ a: "1", b: "1", c: "1" }, { b: "1", c: "2", d: "1" })).toEqual({
    ...{ added: ["d"], changed: ["c"], removed: ["a"] },
  })
  expect(settingsIn("# A=0\nB=1\n export C = x=y\n\nnot a setting")).toEqual({ B: "1", C: "x=y" })
})

it("says what would change, without repeating what does not", () => {
  const none = { added: [], changed: [], removed: [] }
  const plan: Proposal = {
    ...{ outcome: "planned", environment: "prod", stack: "demo-prod", kind: "promotion", from: 4 },
    ...{ restores: undefined, promoted: { environment: "staging", number: 3 }, stackFileChanged: false },
    images: [{ name: "backend", from: `sha256:${"a".repeat(64)}`, to: `sha256:${"b".repeat(64)}` }],
    ...{ replicas: { from: 2, to: 2 }, port: { from: undefined, to: 80 }, variables: none },
    settings: { added: ["A", "B"], changed: [], removed: ["C"] },
    ...{
      secrets: none,
      evidence: { statements: 0, unsigned: 0 },
      objections: ["no evidence of test"],
      hash: "0123456789abcdef",
    },
  }
  expect(proposalText(plan).split("\n")).toEqual([
    "plan for prod: promotion of release 3 of staging, in place of release 4",
    "  backend     sha256:aaaaaaaaaaaa -> sha256:bbbbbbbbbbbb",
    "  replicas    2 unchanged",
    "  port        none -> 80",
    "  stack file  unchanged",
    "  variables   unchanged",
    "  settings    added A, B; removed C",
    "  secrets     unchanged",
    "  evidence    refused without --allow-unverified: no evidence of test",
    "nothing was changed; to do exactly this: --confirm=0123456789abcdef",
  ])
})

it.each(["Show", "0123", "0123456789ABCDEF", "0123456789abcdef\n", "$(id)"])(
  "refuses --confirm=%j",
  confirm => {
    expect(() => parseRequest(["rollback", "--env", "prod", `--confirm=${confirm}`])).toThrowError(
      /--confirm/,
    )
  },
)
