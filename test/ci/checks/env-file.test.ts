import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { execa } from "execa"
import { expect, onTestFinished, test } from "vitest"
import { committedEnvFiles } from "../../../ci/checks/env-file.ts"

async function repository(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "env-file-"))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  await execa("git", ["init", "--quiet"], { cwd: dir })
  await writeFile(join(dir, ".gitignore"), ".env\n")
  await writeFile(join(dir, ".env"), "KEY=x\n")
  await writeFile(join(dir, ".env.example"), "# KEY=\n")
  return dir
}

/** Runs the check as `npm run check` does, in another repository. */
function check(dir: string) {
  const script = resolve("ci/checks/env-file.ts")
  const tsx = import.meta.resolve("tsx")
  return execa(process.execPath, ["--import", tsx, script], { cwd: dir, reject: false })
}

test("this repository has no .env file in git", async () => {
  expect(await committedEnvFiles(".")).toEqual([])
})

test("an ignored .env and the example pass", async () => {
  const dir = await repository()
  await execa("git", ["add", "--all"], { cwd: dir })
  expect((await check(dir)).exitCode).toBe(0)
})

test("a .env that was added by force is refused and named", async () => {
  const dir = await repository()
  await execa("git", ["add", "--force", ".env", ".gitignore"], { cwd: dir })
  const { exitCode, stderr } = await check(dir)
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^error CHECK_ENV_COMMITTED: git has \.env\n/)
})
