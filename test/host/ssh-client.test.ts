import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { configuration } from "../../ci/deployer/ssh/configuration.ts"
import { ensurePackages } from "../../ci/engine/steps/docker.ts"
import { freePort } from "../deployment/real-docker.ts"

let dir: string
let port: number

beforeAll(async () => {
  await ensurePackages(["openssh-client"], "ssh")
  dir = await mkdtemp(join(tmpdir(), "ssh-client-"))
  port = await freePort()
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(dir, "key")])
  await writeFile(join(dir, "known"), "nowhere ssh-ed25519 AAAA\n")
})

afterAll(() => rm(dir, { recursive: true, force: true }))

/** The deployer, where nothing answers by ssh; its temporary files go to a folder of their own. */
async function deployer(env: Record<string, string>) {
  const access = {
    DOCKER_HOST: `ssh://u@127.0.0.1:${port}`,
    LOCKSTEP_SSH_KEY: join(dir, "key"),
    LOCKSTEP_KNOWN_HOSTS: join(dir, "known"),
    TMPDIR: dir,
  }
  const args = ["--import", "tsx", "ci/deployer/main.ts", "status", "--env", "staging"]
  return await execa("node", args, { env: { ...access, ...env }, reject: false })
}

describe("a host by ssh", () => {
  it("that does not answer is a refusal, and neither key nor folder is left behind", async () => {
    const { exitCode, stderr } = await deployer({})
    expect(stderr).toContain("error DEPLOY_HOST_UNREACHABLE: there is no ssh connection to 127.0.0.1")
    expect(exitCode).toBe(10)
    expect((await readdir(dir)).filter(name => name.startsWith("lockstep-ssh-"))).toEqual([])
  })

  it.each([
    ["without a key", { LOCKSTEP_SSH_KEY: "" }, "DEPLOY_SSH_KEY_MISSING"],
    ["without known hosts", { LOCKSTEP_KNOWN_HOSTS: "" }, "DEPLOY_KNOWN_HOSTS_MISSING"],
    [
      "with an empty list of known hosts",
      { LOCKSTEP_KNOWN_HOSTS: "/dev/null" },
      "DEPLOY_KNOWN_HOSTS_MISSING",
    ],
    ["with an empty key", { LOCKSTEP_SSH_KEY: "/dev/null" }, "DEPLOY_SSH_KEY_UNUSABLE"],
    ["with a hostile address", { DOCKER_HOST: "ssh://-oProxyCommand=x" }, "DEPLOY_HOST_ADDRESS"],
  ])("%s is not asked at all", async (_, env, code) => {
    const { exitCode, stderr } = await deployer(env)
    expect(stderr).toContain(`error ${code}: `)
    expect(exitCode).toBe(64)
  })
})

describe("the configuration of ssh", () => {
  it("is what ssh itself makes of it: only what was given counts, and nothing is asked or trusted", async () => {
    await writeFile(join(dir, "config"), configuration(dir))
    const { stdout } = await execa("ssh", ["-G", "-F", join(dir, "config"), "host"])
    const settings = stdout.split("\n")
    for (const line of [
      "stricthostkeychecking true",
      "batchmode yes",
      "identitiesonly yes",
      "identityagent none",
      "forwardagent no",
      "clearallforwardings yes",
      "updatehostkeys false",
      "preferredauthentications publickey",
      "globalknownhostsfile /dev/null",
      `userknownhostsfile ${dir}/known_hosts`,
      `identityfile ${dir}/key`,
      `controlpath ${dir}/control`,
    ])
      expect(settings).toContain(line)
    expect(
      settings.filter(line => /^(identityfile|proxycommand|proxyjump|localcommand) /.test(line)),
    ).toHaveLength(1)
  })
})
