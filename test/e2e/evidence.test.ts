import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Envelope } from "../../ci/deployer/evidence/envelope.ts"
import type { Statement } from "../../ci/deployer/evidence/statement.ts"
import { artifactOf } from "../../ci/evidence/artifact.ts"
import { attach, type Located, subjectOf } from "../../ci/evidence/attach.ts"
import { compare } from "../../ci/evidence/compare.ts"
import { indexType, manifestType } from "../../ci/evidence/descriptor.ts"
import { fallbackTag, type Index } from "../../ci/evidence/referrers.ts"
import { Registry } from "../../ci/evidence/registry.ts"
import { verify } from "../../ci/evidence/verify.ts"
import { freePort } from "../deployment/real-docker.ts"
import { TestRegistry } from "../deployment/registry.ts"
import { altered, checksOf, keyPair, pushImage, sealAll } from "../evidence/samples.ts"
import { Clone } from "./clone.ts"

const repository = "lockstep-test/evidence"
const ours = keyPair()
const rules = { key: ours.open, now: new Date(), maxAgeDays: 7 }

// One like the kit's, which has no list of what refers to an image: the tag in its place is what is tested here.
let container: TestRegistry
let host: string
let registry: Registry
let image: Located

beforeAll(async () => {
  container = await TestRegistry.start()
  host = container.address
  registry = await Registry.at(host)
})

afterAll(() => container.remove())

async function newImage(): Promise<Located> {
  image = await pushImage(registry, repository)
  return image
}

async function list(): Promise<Index> {
  const found = await registry.manifest(repository, fallbackTag(image.digest))
  return JSON.parse(found?.content.toString() ?? "{}") as Index
}

/** Hangs an envelope at the image, whatever it says. */
async function hang(envelope: Envelope, { predicateType }: Statement): Promise<void> {
  const { entry, manifest, blobs } = artifactOf(envelope, predicateType, await subjectOf(registry, image))
  for (const blob of blobs) await registry.putBlob(repository, blob)
  await registry.putManifest(repository, entry.digest, manifestType, manifest)
  await registry.refer(repository, image.digest, [entry])
}

function verified(changes: Partial<typeof rules> = {}) {
  return verify(registry, image, `${host}/${repository}@${image.digest}`, { ...rules, ...changes })
}

describe("evidence at an image", () => {
  test("is found there and is enough, with the key that signed it", async () => {
    await attach(registry, await newImage(), sealAll(checksOf(image), ours.secret))
    const { evidence, keyId } = await verified()
    expect(keyId).toMatch(/^[0-9a-f]{64}$/)
    expect(evidence.map(({ what, trust, result }) => ({ what, trust, result }))).toEqual([
      { what: "policy", trust: "signed", result: "PASSED" },
      { what: "scan", trust: "signed", result: "PASSED" },
      { what: "test", trust: "signed", result: "PASSED" },
    ])
  })

  test("is not doubled by attaching it again, and new results come to it", async () => {
    await newImage()
    const sealed = sealAll(checksOf(image, new Date("2026-01-01")), ours.secret)
    expect(await attach(registry, image, sealed)).toMatchObject({ added: 3, present: 0 })
    const before = await list()
    expect(await attach(registry, image, sealed)).toMatchObject({ added: 0, present: 3 })
    expect(await list()).toEqual(before)
    const later = sealAll(checksOf(image, new Date("2026-01-02")), ours.secret)
    expect(await attach(registry, image, [...sealed, ...later])).toMatchObject({ added: 3, present: 3 })
    expect((await list()).manifests).toHaveLength(6)
  })

  test("leaves what others hung there as they wrote it", async () => {
    await newImage()
    const other = await pushImage(registry, repository)
    const found = await subjectOf(registry, other)
    const theirs = { ...found, artifactType: "application/x", data: "e30=", annotations: { by: "others" } }
    const written = { schemaVersion: 2, mediaType: indexType, manifests: [theirs], annotations: { a: "b" } }
    const content = Buffer.from(JSON.stringify(written))
    await registry.putManifest(repository, fallbackTag(image.digest), indexType, content)
    await attach(registry, image, sealAll(checksOf(image), ours.secret))
    const { manifests, ...rest } = await list()
    expect(manifests[0]).toEqual(theirs)
    expect(manifests).toHaveLength(4)
    expect(rest).toMatchObject({ annotations: { a: "b" } })
    expect((await verified()).evidence).toHaveLength(3)
  })

  test("does not take the place of something else below the tag", async () => {
    await newImage()
    const { content } = (await registry.manifest(repository, image.digest)) ?? { content: Buffer.of() }
    await registry.putManifest(repository, fallbackTag(image.digest), manifestType, content)
    const sealed = sealAll(checksOf(image), ours.secret)
    await expect(attach(registry, image, sealed)).rejects.toThrow("is no list of what refers to an image")
  })

  test("is all there after several attached theirs at the same moment", async () => {
    await newImage()
    const days = [1, 2, 3].map(day => sealAll(checksOf(image, new Date(2026, 0, day)), ours.secret))
    await Promise.all(days.map(sealed => attach(registry, image, sealed)))
    expect((await list()).manifests).toHaveLength(9)
  })
})

describe("the record of a release", () => {
  test("is compared with what hangs at its images: signatures count, and other statements do not", async () => {
    await newImage()
    const [own = [], theirs = []] = [ours, keyPair()].map(({ secret }) => sealAll(checksOf(image), secret))
    const record = own.map(({ envelope }) => envelope)
    await attach(registry, image, theirs)
    expect(await compare(registry, [image], record)).toBe("differs: backend lacks 3 of 3 statements")
    await attach(registry, image, own)
    expect(await compare(registry, [image], record)).toBe("has the same evidence")
  })
})

describe("an image is refused", () => {
  test("without any evidence", async () => {
    await newImage()
    await expect(verified()).rejects.toMatchObject({
      code: "EVIDENCE_INSUFFICIENT",
      why: "there is no evidence of the check test; there is no evidence of the check policy; there is no evidence of the check scan",
    })
  })

  test("for somebody else's signatures, and for none", async () => {
    await attach(registry, await newImage(), sealAll(checksOf(image), keyPair().secret))
    await attach(registry, image, sealAll(checksOf(image), undefined))
    const refused = { why: expect.stringMatching(/^6 of 6 statements are not signed with the key; /) }
    await expect(verified()).rejects.toMatchObject(refused)
  })

  test("for evidence that was altered", async () => {
    await newImage()
    for (const { envelope, statement } of sealAll(checksOf(image), ours.secret))
      await hang(
        altered(envelope, text => text.replace("c".repeat(40), "d".repeat(40))),
        statement,
      )
    const refused = {
      why: expect.stringMatching(/^3 of 3 statements were altered after they were signed; /),
      evidence: expect.arrayContaining([expect.stringMatching(/^test .*, ALTERED/)]),
    }
    await expect(verified()).rejects.toMatchObject(refused)
  })

  test("for good evidence of another image", async () => {
    const other = await newImage()
    await newImage()
    for (const { envelope, statement } of sealAll(checksOf(other), ours.secret))
      await hang(envelope, statement)
    await expect(verified()).rejects.toMatchObject({
      why: "the evidence of test is of other digests; the evidence of policy is of other digests; the evidence of scan is of other digests",
    })
  })

  test("for evidence that has expired", async () => {
    await attach(registry, await newImage(), sealAll(checksOf(image, new Date("2026-01-01")), ours.secret))
    const day = { now: new Date("2026-01-02T01:00:00Z"), maxAgeDays: 1 }
    await expect(verified(day)).rejects.toMatchObject({ why: expect.stringContaining("test of 2026-01-01") })
    expect((await verified({ ...day, maxAgeDays: 2 })).evidence).toHaveLength(3)
  })

  test("when the registry does not have it", async () => {
    image = { ...(await newImage()), digest: `sha256:${"0".repeat(64)}` }
    await expect(verified()).rejects.toMatchObject({ code: "BUILD_IMAGE_UNREADABLE" })
  })
})

describe("the program", () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lockstep-evidence-"))
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  function run(...args: string[]) {
    return execa("node", ["--import", "tsx", "ci/evidence/main.ts", ...args], { reject: false })
  }

  const named = () => `${image.name}=${image.repository}@${image.digest}`

  test("attaches files, a bill of materials too, and says that nothing was signed", async () => {
    await newImage()
    await writeFile(join(folder, "checks"), JSON.stringify(checksOf(image)))
    await writeFile(join(folder, "backend.cdx.json"), '{"bomFormat":"CycloneDX"}')
    await writeFile(join(folder, "backend.spdx.json"), '{"spdxVersion":"SPDX-2.3"}')
    const files = ["--checks", join(folder, "checks"), "--sboms", folder, "--sealed", join(folder, "sealed")]
    const { stdout } = await run("attach", "--registry", host, "--image", named(), ...files)
    expect(stdout).toBe("evidence of backend: 5 statements attached, UNSIGNED: no signing key is given")
    const { evidence } = await verified({ key: undefined as never })
    expect(evidence.map(({ what }) => what)).toEqual([
      "policy",
      "scan",
      "test",
      "SBOM CycloneDX",
      "SBOM SPDX",
    ])
  })

  test("refuses when the registry is away, before anything is deployed", async () => {
    await writeFile(join(folder, "checks"), JSON.stringify(checksOf(await newImage())))
    const files = ["--checks", join(folder, "checks"), "--sealed", join(folder, "none")]
    const away = `localhost:${await freePort()}`
    const { exitCode, stderr } = await run("attach", "--registry", away, "--image", named(), ...files)
    expect(stderr).toMatch(
      /^error EVIDENCE_NOT_ATTACHED: .*nothing was deployed\n {2}why: http:.*ECONNREFUSED/,
    )
    expect(exitCode).toBe(10)
  })
})

describe("dagger call verify", () => {
  let clone: Clone

  beforeAll(async () => {
    clone = await Clone.create()
    await writeFile(join(clone.dir, "ours.pem"), ours.open)
    await writeFile(join(clone.dir, "theirs.pem"), keyPair().open)
    await attach(registry, await newImage(), sealAll(checksOf(image), ours.secret))
  })

  afterAll(() => clone.remove())

  const call = (...args: string[]) =>
    clone.call(
      ...[`--registry=tcp://${host}`, `--registry-address=${host}`],
      ...["verify", "--ref", `${host}/${repository}@${image.digest}`, ...args],
    )

  test("prints what is at the image, and says when signatures did not count", async () => {
    const { exitCode, stdout, screen } = await call()
    expect(exitCode, screen).toBe(0)
    expect(stdout).toMatch(/^WHAT +SIGNED BY +WHEN +RESULT\npolicy +\w{12}, not checked +2026/)
    expect(stdout).toContain("no key was given: signatures did not count")
  })

  test("fails with the reasons, and with an exit code that says so", async () => {
    const { exitCode, screen } = await call("--key", "file://theirs.pem")
    expect(screen).toMatch(
      /error EVIDENCE_INSUFFICIENT: .*\n(.*\n)+.*why: 3 of 3 statements are not signed with/,
    )
    expect(exitCode).toBe(10)
  })

  test("prints the same for programs", async () => {
    const { stdout } = await call("--key", "file://ours.pem", "--max-age=1", "--format=json")
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ outcome: "done", digest: image.digest, checks: ["test", "policy", "scan"] },
      evidence: [{ what: "policy", trust: "signed" }, { what: "scan" }, { what: "test" }],
    })
  })
})
