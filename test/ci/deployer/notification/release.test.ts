import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterEach, beforeEach, expect, it } from "vitest"
import { Receiver, status } from "./receiver.ts"

let dir: string
let receiver: Receiver

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "webhook-"))
  receiver = await Receiver.listen(status(200))
})

afterEach(async () => {
  await receiver.close()
  await rm(dir, { recursive: true, force: true })
})

/** A deployment that is refused, as there is no Docker. */
async function deploy(webhook: string) {
  const file = join(dir, "webhook")
  await writeFile(file, webhook)
  const image = `backend=registry/backend@sha256:${"a".repeat(64)}`
  const given = ["deploy", "--env", "staging", "--stack", "none.yml", "--image", image, "--webhook", file]
  const args = ["--import", "tsx", "ci/deployer/main.ts", ...given]
  return await execa("node", args, { env: { DOCKER_HOST: `unix://${dir}/none.sock` }, reject: false })
}

it("tells the webhook of a deployment that is refused, and ends with its exit code", async () => {
  const { exitCode, stderr } = await deploy(receiver.url.href)
  expect(exitCode, stderr).toBe(10)
  expect(receiver.bodies.map(body => JSON.parse(body).lockstep)).toMatchObject([
    {
      ...{ environment: "staging", kind: "deploy", outcome: "refused", exitCode: 10 },
      digests: { backend: `sha256:${"a".repeat(64)}` },
      error: { code: "DEPLOY_DOCKER_UNREACHABLE" },
    },
  ])
  expect(stderr).not.toContain("s3cret")
})

it("ends with the same code when the webhook takes nothing, after a warning", async () => {
  const { url } = receiver
  await receiver.close()
  const { exitCode, stderr } = await deploy(url.href)
  expect(exitCode).toBe(10)
  expect(stderr).toMatch(/warning: nobody was notified: 127\.0\.0\.1 could not be reached/)
  expect(stderr).not.toContain("s3cret")
})

it("begins nothing with an address that cannot be used", async () => {
  const { exitCode, stderr } = await deploy("ftp://s3cret")
  expect(exitCode).toBe(64)
  expect(stderr).toContain("error DEPLOY_WEBHOOK_UNUSABLE")
  expect(stderr).not.toContain("s3cret")
})
