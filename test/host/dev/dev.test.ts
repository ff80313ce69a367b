import { connect } from "node:net"
import { networkInterfaces } from "node:os"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { makeCompose, readyCompose } from "../../../ci/engine/steps/compose.ts"
import { close, listen } from "../../deployment/real-docker.ts"
import { startBrowser } from "../frontend/browser.ts"
import { Environment, textOf, timeUntil } from "./environment.ts"

const versionRouter = "app/backend/http/version-router.ts"
const limitMs = 2000

let environment: Environment
let before: string[]
/** Somebody's service that does nothing. */
const bystander = `dev-test-bystander-${process.pid}`

beforeAll(async () => {
  // The tests run under the kit's lock, so `npm run dev` could not make it.
  if (!(await readyCompose())) await makeCompose()
  await execa("docker", ["service", "create", "--detach", "--replicas=0", `--name=${bystander}`, "nothing:1"])
  before = await others()
  environment = await Environment.create()
})

afterAll(async () => {
  await execa("docker", ["service", "rm", bystander])
  await environment?.remove()
})

/** The kit's containers and a service of the swarm, none of which is npm run dev's to touch. */
async function others(): Promise<string[]> {
  const names = ["--filter", "name=lockstep-registry", "--filter", "name=dagger-engine-"]
  const containers = await execa("docker", ["ps", "--all", ...names, "--format", "{{.ID}} {{.Names}}"])
  const named = ["--filter", `name=${bystander}`, "--format", "{{.ID}} {{.Name}}"]
  const swarm = await execa("docker", ["service", "ls", ...named])
  return [containers.stdout, swarm.stdout].flatMap(text => text.split("\n")).filter(Boolean)
}

describe("npm run dev", () => {
  test("starts both services healthy, and says where", async () => {
    const { exitCode, all } = await environment.dev("start", "--detach")
    expect(exitCode, all).toBe(0)
    expect(all).toMatch(/✓ services +[\d.]+ s {2}backend and frontend healthy/)
    expect(all).toContain(`page       ${environment.page}\n  backend    ${environment.backend}\n`)
    for (const service of ["backend", "frontend"] as const) {
      const { State, Config, HostConfig } = await environment.container(service)
      expect(State.Health.Status).toBe("healthy")
      expect(Config.User).toMatch(/^[1-9]\d*:/)
      expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, Init: true, CapDrop: ["ALL"] })
    }
  })

  test("publishes its ports on the loopback only", async () => {
    const published = await Promise.all(
      (["backend", "frontend"] as const).map(
        async service => (await environment.container(service)).HostConfig.PortBindings,
      ),
    )
    const addresses = published.flatMap(ports => Object.values<{ HostIp: string }[]>(ports).flat())
    expect(addresses.map(({ HostIp }) => HostIp)).toEqual(Array(3).fill("127.0.0.1"))
    expect(await answers("127.0.0.1", environment.ports.debugger)).toBe(true)
    for (const address of otherAddresses())
      expect(await answers(address, environment.ports.debugger), address).toBe(false)
  })

  test("serves the page, and the backend behind it", async () => {
    expect(await textOf(environment.page)).toContain("/src/main.ts")
    const version = await fetch(`${environment.page}/api/version`)
    expect(await version.json()).toMatchObject({ environment: "development" })
    expect(await textOf(`${environment.page}/health/ready`)).toContain('"healthy"')
  })

  test("gives the debugger the backend's TypeScript", async () => {
    const [target] = JSON.parse(await textOf(`http://127.0.0.1:${environment.ports.debugger}/json/list`))
    expect(target).toMatchObject({ type: "node", url: "file:///src/app/backend/main.ts" })
  })
})

describe("an edit", () => {
  test("of the backend answers within two seconds", async () => {
    const original = await environment.read(versionRouter)
    const times: number[] = []
    for (const mark of ["edit-1", "edit-2", "edit-3"]) {
      await environment.write(
        versionRouter,
        original.replace("json(info)", `json({ ...info, mark: "${mark}" })`),
      )
      times.push(
        await timeUntil(async () => (await textOf(`${environment.backend}/api/version`)).includes(mark)),
      )
    }
    await environment.write(versionRouter, original)
    report("backend", times)
    expect(Math.min(...times)).toBeLessThan(limitMs)
  })

  test("of the page shows within two seconds, in a browser that is left alone", async () => {
    const browser = await startBrowser()
    onTestFinished(() => browser.close())
    const page = await browser.newPage()
    await page.goto(environment.page)
    const file = "app/frontend/index.html"
    const original = await environment.read(file)
    const times: number[] = []
    for (const mark of ["Edit 1", "Edit 2", "Edit 3"]) {
      await environment.write(file, original.replace(">status<", `>${mark}<`))
      times.push(
        await timeUntil(async () => (await page.textContent("h1").catch(() => ""))?.includes(mark) === true),
      )
    }
    await environment.write(file, original)
    report("page", times)
    expect(Math.min(...times)).toBeLessThan(limitMs)
  })

  test("that fails is named by its TypeScript file and line", async () => {
    const original = await environment.read(versionRouter)
    const line = original.split("\n").findIndex(text => text.includes("json(info)")) + 1
    await environment.replace(versionRouter, "response.set(", 'throw new Error("on purpose"); response.set(')
    await timeUntil(
      async () => (await fetch(`${environment.backend}/api/version`).catch(() => null))?.status === 500,
    )
    const { all } = await environment.dev("logs", "backend")
    expect(all).toMatch(new RegExp(`on purpose.*/src/${versionRouter}:${line}:`))
    await environment.write(versionRouter, original)
    await timeUntil(
      async () => (await fetch(`${environment.backend}/api/version`).catch(() => null))?.ok === true,
    )
  })
})

describe("the other verbs", () => {
  test("logs shows both services, or the one that is named", async () => {
    const both = await environment.dev("logs")
    expect(both.stdout).toMatch(/^backend-1 +\| .*"listening"/m)
    expect(both.stdout).toMatch(/^frontend-1 +\| .*VITE/m)
    const one = await environment.dev("logs", "frontend")
    expect(one.stdout).not.toContain("backend-1")
  })

  test("restart gives the service that is named a new container, with the present .env", async () => {
    const [backend, frontend] = [
      await environment.container("backend"),
      await environment.container("frontend"),
    ]
    await environment.write(".env", `${await environment.read(".env")}\nHEALTH_CHECK_INTERVAL_MS=7000\n`)
    const { exitCode, all } = await environment.dev("restart", "backend")
    expect(exitCode, all).toBe(0)
    const renewed = await environment.container("backend")
    expect(renewed.Id).not.toBe(backend.Id)
    expect(renewed.Config.Env).toContain("HEALTH_CHECK_INTERVAL_MS=7000")
    expect((await environment.container("frontend")).Id).toBe(frontend.Id)
  })

  test("stop stops both and keeps their logs", async () => {
    expect((await environment.dev("stop")).exitCode).toBe(0)
    for (const service of ["backend", "frontend"] as const)
      expect((await environment.container(service)).State.Running).toBe(false)
    expect((await environment.dev("logs")).stdout).toContain("listening")
  })

  test("start in the foreground is one stream of both, and Ctrl-C stops it", async () => {
    const { running, pressCtrlC } = environment.inTerminal()
    onTestFinished(() => void running.kill())
    let screen = ""
    running.all.setEncoding("utf8").on("data", text => {
      screen += text
    })
    await timeUntil(
      async () => /^frontend-1 .*VITE/m.test(screen) && /^backend-1 .*listening/m.test(screen),
      60_000,
    )
    pressCtrlC()
    expect((await running).all).toMatch(/✓ stop[\s\S]+Stopped\. Start it again with/)
    expect((await environment.container("backend")).State).toMatchObject({ Running: false, ExitCode: 0 })
  })

  test("start after a change of the lockfile brings the volume up to date", async () => {
    expect(await packages()).toContain("fast-check")
    const remove = ["uninstall", "--package-lock-only", "--ignore-scripts", "--no-audit", "fast-check"]
    await execa("npm", remove, { cwd: environment.dir })
    const { exitCode, all } = await environment.dev("--detach")
    expect(exitCode, all).toBe(0)
    expect(await packages()).not.toContain("fast-check")
    expect(await packages()).toContain("express")
  })

  async function packages(): Promise<string[]> {
    // A stopped container's volume can be looked into as well as a running one's.
    const { Mounts } = await environment.container("frontend")
    const volume = Mounts.find((mount: { Type: string }) => mount.Type === "volume").Name
    const look = ["run", "--rm", "--volume", `${volume}:/volume:ro`, "node:24-bookworm-slim", "ls", "/volume"]
    return (await execa("docker", look)).stdout.split("\n")
  }
})

describe("when something is wrong", () => {
  test("a backend that does not start is shown by the end of its log", async () => {
    const main = await environment.read("app/backend/main.ts")
    await environment.write("app/backend/main.ts", `throw new Error("broken on purpose")\n${main}`)
    const { exitCode, all } = await environment.dev("restart", "backend")
    expect(exitCode).toBe(1)
    expect(all).toMatch(/error KIT_DEV_UNHEALTHY: the backend .+\n {2}why: [\s\S]+broken on purpose/)
    await environment.write("app/backend/main.ts", main)
  })

  test("a verb or a service that does not exist", async () => {
    expect((await environment.dev("fly")).stderr).toContain('error KIT_USAGE: there is no verb "fly"')
    expect((await environment.dev("logs", "database")).stderr).toContain('there is no service "database"')
  })

  test("a wrong setting is named before anything is done", async () => {
    const env = await environment.read(".env")
    await environment.write(".env", env.replace(/^DEV_PORT=.*$/m, "DEV_PORT=http"))
    const { exitCode, stderr } = await environment.dev()
    await environment.write(".env", env)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^error KIT_DEV_SETTINGS: .+\n {2}why: DEV_PORT must be a port/)
  })
})

describe("clean", () => {
  test("leaves nothing, and touches nothing else", async () => {
    const { exitCode, all } = await environment.dev("clean")
    expect(exitCode, all).toBe(0)
    expect(await environment.left()).toEqual([])
    expect(before.length).toBeGreaterThan(2)
    expect(await others()).toEqual(before)
  })

  test("before the first start there is nothing to show", async () => {
    expect((await environment.dev("stop")).exitCode).toBe(0)
    expect((await environment.dev("logs")).stderr).toMatch(/^error KIT_DEV_NOT_STARTED: /)
  })

  test("a port that another program has is named, with the setting that moves it", async () => {
    const holder = await listen(environment.ports.page)
    const { exitCode, stderr } = await environment.dev()
    await close(holder)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(new RegExp(`^error KIT_DEV_PORT_TAKEN: port ${environment.ports.page} is taken`))
    expect(stderr).toContain("DEV_PORT in .env")
    expect(await environment.left()).toEqual([])
  })
})

/** Figures for docs/benchmarks.md. */
function report(what: string, times: number[]): void {
  console.log(`edit of the ${what}, ms: ${times.map(Math.round).join(", ")}`)
}

function otherAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address)
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: 2000 })
    const end = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.once("connect", () => end(true))
    for (const event of ["error", "timeout"]) socket.once(event, () => end(false))
  })
}
