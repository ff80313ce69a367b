import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { labels } from "../../ci/deployer/environments.ts"
import { holdMount, withLargeSecrets } from "../deployment/busy-mount.ts"
import { type Ran, ranTo, says, type TestStack } from "../deployment/deployer.ts"
import * as host from "../deployment/real-docker.ts"
import { SetUp } from "../deployment/set-up.ts"

// The backend alone, with the port of the host: the deployer has what is hardest for it. The groups stand side by side,
// each on stacks of its own; the tests of one group follow each other.

function watched({ seconds, switchSeconds }: Ran): number {
  return seconds - switchSeconds
}

const deployed = { exitCode: 0, error: undefined }

let setUp: SetUp

beforeAll(async () => {
  setUp = await SetUp.create()
})

afterAll(() => setUp?.remove())

describe.concurrent("the life of an environment", () => {
  let stack: TestStack
  /** Seconds for which the first release was watched once it served. */
  let watch: number
  const { sequential } = it

  beforeAll(async () => {
    stack = await setUp.stackOfOne("life")
  })

  sequential("begins with a release that answers, with the digest that was asked for", async () => {
    const { ok } = setUp.images
    const result = await stack.deploy(ok)
    expect(result).toMatchObject({ exitCode: 0, outcome: "done", url: stack.urls[0], number: 1 })
    watch = watched(result)
    expect(ok).toContain(result.digest)
    expect(await stack.application()).toEqual({ mode: "ok", digest: result.digest, env: "staging" })
    const services = [{ running: 1, wanted: 1, digest: result.digest }]
    expect(await stack.run("status")).toMatchObject({ state: "healthy", release: 1, lock: null, services })
  })

  sequential(
    "goes on with the same digest: a real deploy that restarts nothing, nor watches it again",
    async () => {
      const running = await stack.containers()
      const second = await stack.deploy(setUp.images.ok)
      expect(second).toMatchObject(deployed)
      expect(await stack.containers()).toEqual(running)
      expect((await stack.run("status")).services).toMatchObject([{ deployId: second.deployId }])
      expect(watched(second)).toBeLessThan(watch / 2)
    },
  )

  sequential(
    "and once more after a crash: what Swarm has started since is watched like a new release",
    async () => {
      const running = await stack.containers()
      await stack.docker("kill", ...running)
      await vi.waitFor(async () => {
        expect(await stack.containers()).not.toEqual(running)
        expect((await stack.run("status")).state).toBe("healthy")
      }, 60_000)
      const third = await stack.deploy(setUp.images.ok)
      expect(third).toMatchObject(deployed)
      expect(watched(third)).toBeGreaterThan(watch * 0.9)
    },
  )

  sequential("and with another setting alone: the tasks are replaced, and waited for", async () => {
    const running = await stack.containers()
    const changed = join(setUp.folder, "changed.yml")
    const text = await readFile(stack.options.stackFile, "utf8")
    await writeFile(changed, text.replace('PORT: "3000"', 'PORT: "3000"\n      LOG_LEVEL: debug'))
    expect(await stack.deploy(setUp.images.ok, "--stack", changed)).toMatchObject(deployed)
    const now = await stack.containers()
    expect(now).toHaveLength(1)
    expect(running).not.toContain(now[0])
    const format = "{{json .Config.Env}} {{.State.Health.Status}}"
    expect(await stack.docker("inspect", "--format", format, ...now)).toMatch(/LOG_LEVEL=debug.* healthy$/)
  })

  sequential("is stopped with its port freed, and there is nothing to do the second time", async () => {
    expect(await host.isFree(stack.options.port)).toBe(false)
    expect(await stack.run("stop")).toMatchObject({ exitCode: 0, wasRunning: true })
    expect(await host.isFree(stack.options.port)).toBe(true)
    expect(await stack.leftovers()).toEqual([])
    expect(await stack.run("stop")).toMatchObject({ exitCode: 0, wasRunning: false })
    expect(await stack.run("status")).toMatchObject({ exitCode: 0, state: "not-deployed" })
  })
})

describe.concurrent("a later release that is bad, with the only port", () => {
  it.sequential("is undone: the release before is started again", async () => {
    const stack = await setUp.stackOfOne("later")
    const first = await stack.deploy(setUp.images.ok)
    const result = await stack.deploy(setUp.images.sick)
    expect(result).toMatchObject({
      exitCode: 20,
      outcome: "rolled-back",
      error: { code: "DEPLOY_UNHEALTHY" },
    })
    expect(result.error?.evidence).toContain("listening, mode sick")
    expect(await stack.application()).toMatchObject({ mode: "ok", digest: first.digest })
    const services = [{ deployId: first.deployId }]
    expect(await stack.run("status")).toMatchObject({ state: "healthy", services })
    expect(await stack.deploy(setUp.images.ok)).toMatchObject(deployed)
  })

  it.sequential("keeps others out while Swarm goes on without a deployer, but can be stopped", async () => {
    const stack = await setUp.stackOfOne("left")
    expect(await stack.deploy(setUp.images.ok)).toMatchObject(deployed)
    const update = ["service", "update", "--detach", "--no-resolve-image", "--image", setUp.images.next]
    await stack.docker(...update, `${stack.stack}_backend`)
    const updating = async () => expect(await stack.run("status")).toMatchObject({ state: "updating" })
    await vi.waitFor(updating, { timeout: 20_000, interval: 500 })
    expect(await stack.deploy(setUp.images.ok)).toMatchObject({
      exitCode: 11,
      error: { code: "DEPLOY_LOCKED" },
    })
    expect(await stack.run("stop")).toMatchObject({ exitCode: 0, wasRunning: true })
    expect(await stack.leftovers()).toEqual([])
  })
})

describe.concurrent("a first release that is bad", () => {
  let stack: TestStack

  beforeAll(async () => {
    stack = await setUp.stackOfOne("first")
  })

  it.sequential.each([
    ["sick", "DEPLOY_UNHEALTHY", "listening, mode sick"],
    ["crash", "DEPLOY_CRASHED", "crashing as told"],
  ] as const)("(%s) leaves nothing", async (mode, code, logLine) => {
    const result = await stack.deploy(setUp.images[mode])
    expect(result).toMatchObject({ exitCode: 21, outcome: "removed", error: { code } })
    expect(result.error?.evidence).toContain(logLine)
    expect(await stack.leftovers()).toEqual([])
  })

  it.sequential("or is told to stop in the middle leaves nothing", async () => {
    const child = stack.start(stack.deployArgs(setUp.images.sick))
    await says(child, /0 of 1 healthy/)
    child.kill("SIGTERM")
    expect(ranTo(await child)).toMatchObject({ exitCode: 21, error: { code: "DEPLOY_INTERRUPTED" } })
    expect(await stack.leftovers()).toEqual([])
  })

  it.sequential("or finds its port held by another process names it, and leaves nothing", async () => {
    const { port } = stack.options
    const holder = await host.listen(port)
    try {
      const result = await stack.deploy(setUp.images.ok)
      expect(result).toMatchObject({ exitCode: 21, error: { code: "DEPLOY_PORT_TAKEN" } })
      expect(result.error?.message).toContain(`port ${port} is taken`)
      expect(await stack.leftovers()).toEqual([])
    } finally {
      await host.close(holder)
    }
  })
})

// Docker's fault, seen twice in one run of all tests, where the processors are busy: https://github.com/moby/moby/issues/48783
describe.concurrent("a container whose secrets Docker could not mount", () => {
  let stack: TestStack
  let file: string

  beforeAll(async () => {
    stack = await setUp.stackOfOne("mount")
    file = await withLargeSecrets(stack, setUp.folder)
  })

  /**
   * Deploys one image after the other until Docker has met the fault once: there are a few milliseconds for it, which a
   * busy machine may miss.
   *
   * @param held the image whose container meets it
   */
  async function deployWhile(images: readonly string[], held?: string, before = async () => {}) {
    const missed: string[] = []
    for (const image of images) {
      await before()
      const stop = await holdMount(stack, held ?? image)
      const ended = await stack.start(stack.deployArgs(image, "--stack", file))
      const how = await stop()
      const said = ended.stderr.includes("could not mount its secrets and configs: going back to try again")
      if (how === "held") return { ...ranTo(ended), said }
      missed.push(how)
    }
    throw new Error(`missed each time: ${missed.join("\n")}`)
  }

  it.sequential("fails no first release", async () => {
    const { ok } = setUp.images
    const stop = async () => void (await stack.run("stop"))
    expect(await deployWhile(Array(5).fill(ok), ok, stop)).toMatchObject({ ...deployed, said: true })
  })

  it.sequential("fails no later one", async () => {
    const { ok, next } = setUp.images
    expect(await deployWhile([next, ok, next, ok, next])).toMatchObject({ ...deployed, said: true })
    expect(await stack.run("status")).toMatchObject({ state: "healthy" })
  })

  it.sequential("does not end the way back from a bad release", async () => {
    const running = (await stack.application()).mode as "ok" | "next"
    const { sick, [running]: good } = setUp.images
    const back = { exitCode: 20, outcome: "rolled-back", error: { code: "DEPLOY_UNHEALTHY" } }
    expect(await deployWhile(Array(5).fill(sick), good)).toMatchObject(back)
    expect(await stack.application()).toMatchObject({ mode: running })
    expect(await stack.run("status")).toMatchObject({ state: "healthy" })
  })
})

describe.concurrent("what is refused changes nothing", () => {
  let stack: TestStack

  beforeAll(async () => {
    stack = await setUp.stackOfOne("refused")
  })

  it.sequential("a port that a container holds, which is named", async () => {
    const name = `${stack.stack}-holder`
    const flags = ["--detach", "--rm", "--publish", `${stack.options.port}:3000`, "--name", name]
    await stack.docker("run", ...flags, setUp.images.ok)
    try {
      const result = await stack.deploy(setUp.images.ok)
      expect(result).toMatchObject({ exitCode: 10, error: { code: "DEPLOY_PORT_TAKEN" } })
      expect(result.error?.why).toContain(name)
      expect(await stack.leftovers()).toEqual([])
    } finally {
      await stack.docker("rm", "--force", name)
    }
  })

  it.sequential("an image that the registry does not have, or a registry that is down, at once", async () => {
    const repository = setUp.images.ok.split("@")[0]
    const digest = `sha256:${"0".repeat(64)}`
    for (const missing of [`${repository}@${digest}`, `localhost:1/app@${digest}`]) {
      const started = performance.now()
      const result = await stack.deploy(missing)
      expect(result).toMatchObject({ exitCode: 10, error: { code: "DEPLOY_IMAGE_UNAVAILABLE" } })
      expect(performance.now() - started).toBeLessThan(30_000)
    }
    expect(await stack.leftovers()).toEqual([])
  })

  it.sequential("an environment that nobody knows, and prod without a promotion", async () => {
    expect((await stack.start(["deploy", "--env", "nowhere"])).exitCode).toBe(64)
    const prod = stack.deployArgs(setUp.images.ok).map(word => (word === "staging" ? "prod" : word))
    const code = "DEPLOY_NEEDS_PROMOTION"
    expect(ranTo(await stack.start(prod))).toMatchObject({ exitCode: 10, error: { code } })
  })

  it.sequential("a Docker that cannot be reached", async () => {
    const nowhere = { DOCKER_HOST: `unix://${setUp.folder}/no.sock` }
    const result = ranTo(await stack.start(stack.deployArgs(setUp.images.ok), nowhere))
    expect(result).toMatchObject({ exitCode: 10, error: { code: "DEPLOY_DOCKER_UNREACHABLE" } })
  })

  it.sequential("a stack of the same name that somebody else made", async () => {
    const create = ["service", "create", "--detach", "--name", `${stack.stack}_other`, "--replicas", "0"]
    const namespace = ["--label", `com.docker.stack.namespace=${stack.stack}`]
    const { stdout: id } = await execa("docker", [
      ...[...create, ...namespace, "--no-resolve-image", setUp.images.ok],
    ])
    try {
      const foreign = { exitCode: 10, error: { code: "DEPLOY_FOREIGN_STACK" } }
      expect(await stack.run("stop")).toMatchObject(foreign)
      const result = await stack.deploy(setUp.images.ok)
      expect(result).toMatchObject(foreign)
      expect(result.error?.why).toContain(labels.env)
      expect(await stack.leftovers()).toHaveLength(1)
    } finally {
      await execa("docker", ["service", "rm", id])
    }
  })
})
