import { once } from "node:events"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type ExecaError, execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { requiredChecks, testResult } from "../../ci/deployer/evidence/statement.ts"
import { attach, type Located } from "../../ci/evidence/attach.ts"
import { fallbackTag } from "../../ci/evidence/referrers.ts"
import { Registry } from "../../ci/evidence/registry.ts"
import { verify } from "../../ci/evidence/verify.ts"
import { TestRegistry } from "../deployment/registry.ts"
import { checksOf, keyPair, pushImage, sealAll } from "../evidence/samples.ts"
import { type Programs, programs } from "./programs.ts"

// Not among the tests of npm test: cosign takes minutes to compile where no run of these has left it.
const repository = "lockstep-test/cosign"
const ours = keyPair()
const each = requiredChecks.length

let folder: string
let made: Programs
let kitLike: TestRegistry
let withReferrers: ReturnType<typeof startOther>
let otherAddress: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-cosign-"))
  made = await programs()
  kitLike = await TestRegistry.start()
  withReferrers = startOther()
  otherAddress = await addressOf(withReferrers)
  await writeFile(join(folder, "ours.pub"), ours.open)
  await cosign("generate-key-pair", "--output-key-prefix", join(folder, "theirs"))
  // No transparency log, no authority, no time stamps: none is within reach.
  const none = ["fulcio", "oidc", "rekor", "tsa"].map(name => `--no-default-${name}`)
  await cosign("signing-config", "create", ...none, "--out", join(folder, "config.json"))
})

afterAll(async () => {
  withReferrers.kill()
  await kitLike.remove()
  await rm(folder, { recursive: true, force: true })
})

async function cosign(...args: string[]): Promise<string> {
  const { all } = await execa(made.cosign, args, {
    cwd: folder,
    env: { COSIGN_PASSWORD: "", HOME: folder },
    all: true,
  })
  return all
}

function startOther() {
  return execa(made.registry, { reject: false, buffer: false })
}

/** What the program says first: where it listens. */
async function addressOf({ stdout }: ReturnType<typeof startOther>): Promise<string> {
  const [line] = await once(stdout, "data")
  return String(line).trim()
}

describe.each(["a registry with a tag in place of the list", "a registry that keeps the list"])(
  "%s",
  name => {
    let registry: Registry
    let image: Located
    let reference: string

    beforeAll(async () => {
      const host = name.includes("tag") ? kitLike.address : otherAddress
      registry = await Registry.at(host)
      image = await pushImage(registry, repository)
      reference = `${host}/${repository}@${image.digest}`
      await attach(registry, image, sealAll(checksOf(image), ours.secret))
    })

    const verifying = (key: string) => [
      ...["verify-attestation", "--key", join(folder, key), "--insecure-ignore-tlog"],
      ...["--allow-http-registry", "--type", testResult, reference],
    ]

    test("has our evidence in the form that cosign verifies, with our key alone", async () => {
      expect(await cosign(...verifying("ours.pub"))).toContain(
        "signatures were verified against the specified",
      )
      const refused = (await cosign(...verifying("theirs.pub")).catch(error => error)) as ExecaError
      expect(String(refused.all)).toContain("no matching attestations")
    })

    test("has a tag beside the image only where it needs one", async () => {
      const tag = await registry.manifest(repository, fallbackTag(image.digest))
      expect(tag !== undefined).toBe(name.includes("tag"))
    })

    test("has cosign's evidence in the form that is judged here, beside ours", async () => {
      const checks = checksOf(image).map(({ predicate }, index) => ({ predicate, file: `${index}.json` }))
      for (const { predicate, file } of checks) {
        await writeFile(join(folder, file), JSON.stringify(predicate))
        const signing = ["--key", join(folder, "theirs.key"), "--signing-config", join(folder, "config.json")]
        const about = ["--type", testResult, "--predicate", join(folder, file), "--yes"]
        await cosign("attest", ...signing, ...about, "--allow-http-registry", reference)
      }
      const theirs = await cosign("public-key", "--key", join(folder, "theirs.key"))
      for (const key of [ours.open, theirs]) {
        const { evidence } = await verify(registry, image, reference, { key, now: new Date(), maxAgeDays: 1 })
        const count = (wanted: string) => evidence.filter(({ trust }) => trust === wanted).length
        expect([count("signed"), count("other key")]).toEqual([each, each])
      }
      const key = keyPair().open
      const rules = { key, now: new Date(), maxAgeDays: 1 }
      await expect(verify(registry, image, reference, rules)).rejects.toMatchObject({
        why: expect.stringContaining(`${2 * each} of ${2 * each} statements are not signed with the key`),
      })
    })

    test("still has what cosign wrote when we attach more", async () => {
      await attach(registry, image, sealAll(checksOf(image, new Date("2026-01-01")), ours.secret))
      expect(await registry.referrers(repository, image.digest)).toHaveLength(3 * each)
      expect(await cosign(...verifying("theirs.pub"))).toContain(
        "were verified against the specified public key",
      )
    })
  },
)
