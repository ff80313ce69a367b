import { appendFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, expect, test } from "vitest"
import { freePort } from "../deployment/real-docker.ts"
import { Clone } from "../e2e/clone.ts"

// A project of its own: a staging on the same machine is not touched.
const project = `back${process.pid}`
const tokens = { first: "token-of-the-first-release", second: "token-of-the-second-one" }

let clone: Clone
let port: number

beforeAll(async () => {
  clone = await Clone.create()
  port = await freePort()
})

afterAll(async () => {
  await clone.call(`--project=${project}`, "stop", "--env", "staging")
  await clone.call(`--project=${project}`, "clean", "--env", "staging")
  await clone.remove()
})

const succeed = (...args: string[]) => clone.succeed(`--project=${project}`, ...args, "--env", "staging")

/** Deploys what the clone holds, with settings and secrets of this release. */
async function release(name: keyof typeof tokens, settings: string): Promise<void> {
  await writeFile(join(clone.dir, `${name}.env`), settings)
  await writeFile(join(clone.dir, `${name}.secrets`), `HEALTH_TOKEN=${tokens[name]}\n`)
  const own = [`--config=${name}.env`, `--secrets=file://${name}.secrets`]
  await succeed("deploy", "--allow-unscanned", "--port", String(port), ...own)
}

/** What of a release shows from outside: its image, a setting, a secret. */
async function seen() {
  const get = (path: string, init: RequestInit = {}) => fetch(`http://localhost:${port}${path}`, init)
  const opens = async (token: string) => {
    const answer = await get("/health", { headers: { authorization: `Bearer ${token}` } })
    return "dependencies" in ((await answer.json()) as object)
  }
  const { digest } = (await (await get("/api/version")).json()) as { digest: string }
  return {
    digest,
    diagnostics: (await get("/api/diagnostics/wait?ms=1")).status,
    tokens: { first: await opens(tokens.first), second: await opens(tokens.second) },
  }
}

test("a rollback brings image, settings and secrets of a recorded release back, each way", async () => {
  await release("first", "DIAGNOSTICS=on\n")
  const first = await seen()
  expect(first).toMatchObject({ diagnostics: 200, tokens: { first: true, second: false } })

  await commitSomething()
  await release("second", "DIAGNOSTICS=off\n")
  const second = await seen()
  expect(second).toMatchObject({ diagnostics: 404, tokens: { first: false, second: true } })
  expect(second.digest).not.toBe(first.digest)

  await succeed("rollback")
  expect(await seen()).toEqual(first)
  await succeed("rollback", "--to", "2")
  expect(await seen()).toEqual(second)
})

/** Another commit is another image, as the image names it. */
async function commitSomething(): Promise<void> {
  await appendFile(join(clone.dir, "app", "config", "production.env"), "# changed\n")
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
  await execa("git", [...author, "commit", "--quiet", "--all", "--message", "Change"], { cwd: clone.dir })
}
