import { generateKeyPairSync } from "node:crypto"
import { describe, expect, it } from "vitest"
import { type Envelope, open, seal } from "../../../ci/deployer/evidence/envelope.ts"
import { objections } from "../../../ci/deployer/evidence/judge.ts"
import { type Passed, passed, requiredChecks } from "../../../ci/deployer/evidence/statement.ts"
import { digest, image } from "./fixtures.ts"

const pem = { type: "pkcs8", format: "pem" } as const
const publicPem = { type: "spki", format: "pem" } as const

function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  return { secret: String(privateKey.export(pem)), open: String(publicKey.export(publicPem)) }
}

const ours = keyPair()
const images = [{ name: "backend", reference: image, digest }]
const now = new Date("2026-02-01T00:00:00Z")
const yesterday = new Date("2026-01-31T00:00:00Z")

function evidence(changes: Partial<Passed> = {}, key: string | undefined = ours.secret): Envelope[] {
  return requiredChecks.map(check =>
    seal(passed({ check, images, commit: "c1", dirty: false, at: yesterday, ...changes }), key),
  )
}

function against(envelopes: readonly Envelope[], key: string | undefined = ours.open): string[] {
  return objections(images, envelopes, { key, now, maxAgeDays: 7 })
}

describe("evidence that is complete", () => {
  it("has nothing against it", () => expect(against(evidence())).toEqual([]))

  it("need not be signed where no key is given", () => {
    const unsigned = requiredChecks.map(check =>
      seal(passed({ check, images, commit: "c1", dirty: false, at: yesterday }), undefined),
    )
    expect(objections(images, unsigned, { key: undefined, now, maxAgeDays: 7 })).toEqual([])
    expect(against(unsigned)[0]).toContain("not signed with the key")
  })

  it("can be checked with the private key as well", () =>
    expect(against(evidence(), ours.secret)).toEqual([]))
})

describe("a promotion is refused for", () => {
  it("evidence that is not there", () => {
    expect(against([])).toEqual(requiredChecks.map(check => `there is no evidence of the check ${check}`))
  })

  it.each(requiredChecks)("a missing %s", missing => {
    const kept = evidence().filter((_, index) => requiredChecks[index] !== missing)
    expect(against(kept)).toEqual([`there is no evidence of the check ${missing}`])
  })

  it("evidence of another digest, or of some of the images only", () => {
    const others = [{ name: "backend", digest: `sha256:${"f".repeat(64)}` }]
    expect(against(evidence({ images: others }))[0]).toContain("of other digests")
    const two = [...images, { name: "edge", reference: "r/edge", digest: `sha256:${"e".repeat(64)}` }]
    expect(objections(two, evidence(), { key: ours.open, now, maxAgeDays: 7 })[0]).toContain(
      "of other digests",
    )
  })

  it("a tree that was not committed", () => {
    expect(against(evidence({ dirty: true }))).toEqual(["it was built from files that were not committed"])
  })

  it("checks that are too old", () => {
    expect(against(evidence({ at: new Date("2026-01-24T23:59:00Z") }))[0]).toContain("has expired")
    expect(against(evidence({ at: new Date("2026-01-25T00:01:00Z") }))).toEqual([])
  })

  it("somebody else's signature", () => {
    const theirs = evidence({}, keyPair().secret)
    expect(against(theirs)[0]).toContain("2 of 2 statements are not signed with the key")
  })

  it.each(["payload", "result"])("a changed %s", what => {
    const [first, ...rest] = evidence()
    const text = Buffer.from(first?.payload ?? "", "base64").toString()
    const changed = what === "payload" ? text.replace("c1", "c2") : text.replace("PASSED", "FAILED")
    const forged = { ...(first as Envelope), payload: Buffer.from(changed).toString("base64") }
    expect(against([forged, ...rest]).join()).toContain(
      "1 of 2 statements were altered after they were signed",
    )
  })

  it("a result that is no pass, signed or not", () => {
    const [first, ...rest] = evidence({}, undefined).map(envelope => ({ ...envelope, signatures: [] }))
    const text = Buffer.from(first?.payload ?? "", "base64")
      .toString()
      .replace("PASSED", "WARNED")
    const failed = { ...(first as Envelope), payload: Buffer.from(text).toString("base64") }
    const rules = { key: undefined, now, maxAgeDays: 7 }
    expect(objections(images, [failed, ...rest], rules)).toEqual(["test ended with WARNED"])
  })

  it("a time that cannot be read", () => {
    const [first, ...rest] = evidence({}, undefined)
    const text = Buffer.from(first?.payload ?? "", "base64")
      .toString()
      .replace(/"finishedOn":"[^"]*"/, '"finishedOn":"x"')
    const broken = { ...(first as Envelope), payload: Buffer.from(text).toString("base64") }
    expect(objections(images, [broken, ...rest], { key: undefined, now, maxAgeDays: 7 })[0]).toContain(
      "expired",
    )
  })
})

describe("an envelope", () => {
  it("is a DSSE one whose signature stands for type and content", () => {
    const [envelope] = evidence()
    expect(envelope).toMatchObject({
      payloadType: "application/vnd.in-toto+json",
      signatures: [{ keyid: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    })
    expect(open(envelope as Envelope, ours.open)).toMatchObject({ predicate: { commit: "c1" } })
  })

  it.each(["", "no key", generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export(pem)])(
    "refuses what is no Ed25519 key, unsaid (%#)",
    key => {
      const refused = expect.objectContaining({
        code: "DEPLOY_KEY_UNREADABLE",
        message: expect.not.stringContaining(String(key) || "PRIVATE"),
      })
      expect(() => evidence({}, String(key))).toThrowError(refused)
    },
  )
})
