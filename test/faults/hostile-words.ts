import { existsSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, it } from "vitest"
import { ranTo } from "../deployment/deployer.ts"
import type { SetUp } from "../deployment/set-up.ts"

export function hostileWords(setUp: () => SetUp): void {
  const mark = () => join(setUp().folder, "owned")
  /** Each would leave a mark where it is taken for a command, or for a path. */
  const commands = () => [`$(touch ${mark()})`, `x; touch ${mark()}`, `x\n touch ${mark()}`, `../${mark()}`]

  it.sequential.each([
    ["environment", (word: string) => ["status", "--env", word], 64],
    ["verb", (word: string) => [word, "--env", "staging"], 64],
    ["release", (word: string) => ["rollback", "--env", "staging", "--to", word], 64],
    ["port", (word: string) => ["deploy", "--env", "staging", "--stack", "x", "--port", word], 64],
    ["image", (word: string) => ["deploy", "--env", "staging", "--stack", "x", "--image", word], 64],
    ["stack file", (word: string) => ["deploy", "--env", "staging", "--stack", word, "--image", known], 10],
    ["service", (word: string) => ["restart", "--env", "staging", "--service", word], 10],
  ] as const)("as %s: refused, and nothing is run", async (_, args, exitCode) => {
    const stack = await setUp().stackOfOne("words")
    for (const word of commands()) {
      const ran = await stack.start(args(word))
      expect(ran.exitCode, ran.stderr).toBe(exitCode)
      expect(ran.stderr).toMatch(/^error DEPLOY_\w+: /m)
    }
    expect(existsSync(mark())).toBe(false)
  })

  it.sequential("as project: refused, and nothing is run", async () => {
    const stack = await setUp().stackOfOne("words")
    for (const word of [...commands(), "--help", "x".repeat(40)]) {
      const ran = await stack.start(["status", "--env", "staging"], { LOCKSTEP_PROJECT: word })
      expect(ran).toMatchObject({ exitCode: 64, stderr: expect.stringContaining("DEPLOY_BAD_PROJECT") })
    }
    expect(existsSync(mark())).toBe(false)
  })

  it.sequential("as actor, setting and secret: they arrive as text", async () => {
    const stack = await setUp().stackOfOne("text")
    const hostile = `'"\`touch ${mark()}\` $(touch ${mark()}) \${DEPLOY_ID} {{.ID}} \\n <b> é`
    const [config, secrets] = [join(setUp().folder, "hostile.env"), join(setUp().folder, "hostile.secrets")]
    await writeFile(config, `WORDS=${hostile}\n`)
    await writeFile(secrets, `HEALTH_TOKEN=${hostile}\n`)
    const args = stack.deployArgs(setUp().images.ok, "--config", config, "--secrets", secrets)
    const ran = await stack.start(args, { LOCKSTEP_ACTOR: `eve\n${hostile}\u001b[31m` })
    expect(ranTo(ran)).toMatchObject({ exitCode: 0, error: undefined })
    const [container = ""] = await stack.containers()
    const read = (path: string) => {
      return stack.docker("exec", container, "/bin/node", "-p", `fs.readFileSync("${path}", "utf8")`)
    }
    expect((await read("/app/config/staging.env")).trim()).toBe(`WORDS=${hostile}`)
    expect((await read("/run/secrets/HEALTH_TOKEN")).trim()).toBe(hostile)
    const { stdout } = await stack.start(["history", "--env", "staging"])
    expect(stdout.split("\n")).toHaveLength(2)
    for (const character of "\u001b\"'`$") expect(stdout).not.toContain(character)
    expect(existsSync(mark())).toBe(false)
  })
}

const known = `backend=localhost/app@sha256:${"0".repeat(64)}`
