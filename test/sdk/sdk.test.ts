import { appendFile, readFile, rename, rm, writeFile } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { TestModule } from "./module.ts"

const fixture = join(import.meta.dirname, "fixture")

let module: TestModule

beforeAll(async () => {
  module = await TestModule.create(fixture)
  // The first use of an engine builds the SDK itself.
  await module.call(["hello"])
})

afterAll(() => module.remove())

describe("what a module offers", () => {
  it("is listed with its doc comments", async () => {
    const { stdout } = await module.dagger(["functions"])
    expect(stdout).toMatch(/hello\s+Says hello to somebody\./)
    expect(stdout).toMatch(/tone\s+How politely to greet\./)
    expect(stdout).not.toContain("calls")
  })

  it("is explained by --help, argument by argument", async () => {
    const { stdout } = await module.dagger(["call", "hello", "--help"])
    expect(stdout).toContain("Says hello to somebody.")
    expect(stdout).toMatch(/--name string\s+whom to greet \(default "world"\)/)
  })
})

describe("arguments", () => {
  it("reach the constructor and the function", async () => {
    expect(await module.call(["--tone=formal", "hello", "--name=you"])).toBe("hello you, formal!")
  })

  it("may be members of a TypeScript enum, which come back as such", async () => {
    expect(await module.call(["arguments", "volume"])).toMatch(/^high$/i)
    expect(await module.call(["arguments", "volume", "--volume=High"])).toMatch(/^low$/i)
  })

  it("may be members of the engine's own enums", async () => {
    expect(await module.call(["arguments", "core-enum", "--compression=Zstd"])).toMatch(/^compression zstd$/i)
  })

  it("may be left out when they are optional, nullable or have a default", async () => {
    const given = JSON.parse(await module.call(["arguments", "optional", "--required=r"]))
    expect(given).toEqual({ required: "r", absent: "none", nullable: null, count: 3, loud: false })
  })

  it("are asked for when they are required", async () => {
    const { exitCode, stderr } = await module.dagger(["call", "arguments", "optional"])
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain(`"required" not set`)
  })

  it("may be any number of words", async () => {
    expect(await module.call(["arguments", "variadic", "--words=a,b,c"])).toBe("a+b+c")
  })

  it("tell whole numbers from fractions", async () => {
    expect(await module.call(["arguments", "numbers", "--whole=3", "--fraction=1.5"])).toBe("3 1.5")
  })

  it("may be lists", async () => {
    expect(await module.call(["arguments", "lists", "--flags=true,false", "--counts=1,2"])).toBe(
      "true\nfalse\n1\n2",
    )
  })

  it("may be a directory with a default path and patterns to ignore", async () => {
    expect((await module.call(["here"])).split("\n")).toEqual(["dagger.json", "src/"])
  })

  it("may be a file", async () => {
    expect(await module.call(["read", "--file=dagger.json"])).toContain("every-feature")
  })

  it("may be a secret, which the terminal does not show", async () => {
    const secret = "not-to-be-seen"
    const { stdout, stderr } = await module.dagger(["call", "secret-length", "--secret=env:GIVEN"], {
      GIVEN: secret,
    })
    expect(stdout.trim()).toBe(String(secret.length))
    expect(stderr).not.toContain(secret)
  })

  it("take their defaults from .env", async () => {
    const configured = await TestModule.create(fixture)
    try {
      await writeFile(join(configured.dir, ".env"), "TONE=curt\nHELLO_NAME=nobody\n")
      expect(await configured.call(["hello"])).toBe("hello nobody, curt!")
    } finally {
      await configured.remove()
    }
  })
})

describe("sockets and services of the caller's", () => {
  let server: Server
  const address = () => server.address() as AddressInfo

  beforeAll(async () => {
    server = createServer((_request, response) => response.end("from the host"))
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  })

  afterAll(() => new Promise(resolve => server.close(resolve)))

  it("are reached from a container: a service", async () => {
    expect(await module.call(["fetch", `--service=tcp://127.0.0.1:${address().port}`])).toBe("from the host")
  })

  it("are reached from a container: a socket", async () => {
    const path = join(module.dir, ".git", "peer.sock")
    const peer = createServer().listen(path)
    try {
      expect(await module.call(["arguments", "socket", `--socket=${path}`])).toBe("true")
    } finally {
      peer.close()
    }
  })
})

describe("results", () => {
  it("may be an object of the module, whose functions can be called on", async () => {
    expect(await module.call(["--tone=kind", "greeting", "--name=you", "text"])).toBe("kind: hello you")
  })

  it("may be a list of such objects", async () => {
    expect(await module.call(["greetings", "--names=a,b", "text"])).toBe(
      "friendly: hello a\nfriendly: hello b",
    )
  })

  it("may be an object of a plain type", async () => {
    expect(await module.call(["arguments", "point", "label"])).toBe("four")
  })

  it("may be a service that the module runs itself", async () => {
    expect(await module.call(["own-server"])).toBe("served")
  })

  it("may be fractions", async () => {
    expect(await module.call(["arguments", "half", "--of=3"])).toBe("1.5")
  })
})

describe("a module", () => {
  it("uses the npm packages of its lock file", async () => {
    expect(await module.call(["camel", "--text=from-a-package"])).toBe("fromAPackage")
  })

  it("gets its npm packages without a lock file, too", async () => {
    const unlocked = await TestModule.create(fixture)
    try {
      await rm(join(unlocked.dir, "package-lock.json"))
      expect(await unlocked.call(["camel", "--text=not-locked"])).toBe("notLocked")
    } finally {
      await unlocked.remove()
    }
  })

  it("offers a function under its alias", async () => {
    expect(await module.call(["renamed"])).toBe("renamed")
  })

  it("runs a function that is never cached each time", async () => {
    expect(await module.call(["now"])).not.toBe(await module.call(["now"]))
  })

  it("shows its own spans", async () => {
    const { stdout, stderr } = await module.dagger(["call", "failures", "traced"])
    expect(stdout).toBe("traced")
    expect(stderr).toContain("a span of the module")
  })

  it("has its checks run by dagger check", async () => {
    const { exitCode, stderr } = await module.dagger(["check"])
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/lint.*DONE/)
  })
})

describe("a module that depends on another", () => {
  let dependent: TestModule
  const inside = (args: string[]) => dependent.call(["-m", "dependent", ...args])

  beforeAll(async () => {
    dependent = await TestModule.create()
    for (const name of ["fixture", "dependent"]) await dependent.add(join(import.meta.dirname, name), name)
  })

  afterAll(() => dependent.remove())

  it("calls its functions", async () => {
    expect(await inside(["hello"])).toBe("hello neighbour, distant!")
  })

  it("passes it an object for an interface that it declares", async () => {
    expect(await inside(["name-through-interface", "--name=me"])).toBe("me")
  })
})

describe("a failure", () => {
  it("of a function shows its message and what it printed before", async () => {
    const { exitCode, stderr } = await module.dagger(["call", "failures", "thrown"])
    expect(exitCode).toBe(1)
    expect(stderr).toContain("said before the failure")
    expect(stderr).toContain("Error: the disk is full")
  })

  it("of a command in a container becomes the exit status, and shows what the command said", async () => {
    const { exitCode, stderr } = await module.dagger(["call", "failures", "exec"])
    expect(exitCode).toBe(42)
    expect(stderr).toContain("Error: exit code: 42")
    expect(stderr).toContain("what went wrong")
  })

  it("of the module's own syntax names the file and the line", async () => {
    const broken = await TestModule.create(fixture)
    try {
      await appendFile(join(broken.dir, "src/greeting.ts"), "\nconst = 1\n")
      const { exitCode, stderr } = await broken.dagger(["functions"])
      expect(exitCode).not.toBe(0)
      expect(stderr).toMatch(/src\/greeting\.ts:\d+:\d+/)
    } finally {
      await broken.remove()
    }
  })
})

describe("a module's author", () => {
  it("gets from dagger develop what the TypeScript compiler needs", async () => {
    const developed = await TestModule.create(fixture)
    try {
      expect((await developed.dagger(["develop"])).exitCode).toBe(0)
      await execa("npm", ["ci", "--no-audit", "--no-fund"], { cwd: developed.dir })
      const types = await execa("npx", ["tsc", "-p", "."], { cwd: developed.dir, reject: false })
      expect(types.stdout).toBe("")
      expect(types.exitCode).toBe(0)
      expect(await readFile(join(developed.dir, ".gitignore"), "utf8")).toContain("/sdk")
    } finally {
      await developed.remove()
    }
  })

  it("gets what tsconfig.json and package.json lack, and keeps what they have", async () => {
    const developed = await TestModule.create(fixture)
    const own = (name: string) => join(developed.dir, name)
    try {
      // New to the engine, which shows nothing of what it has in its cache.
      const name = `kept-${Date.now()}`
      const options = { noEmit: true, paths: { other: ["./other.ts"] } }
      await writeFile(own("tsconfig.json"), JSON.stringify({ compilerOptions: options }))
      await writeFile(own("package.json"), JSON.stringify({ name, dependencies: {} }))
      const develop = ["develop", "--progress=plain", "-vv"]
      const first = await developed.dagger(develop)
      expect(first.exitCode).toBe(0)
      expect(first.stderr).toContain("tools/configure.js")
      const { compilerOptions } = JSON.parse(await readFile(own("tsconfig.json"), "utf8"))
      expect(compilerOptions).toMatchObject({ ...options, experimentalDecorators: true })
      expect(compilerOptions.paths).toHaveProperty(["@dagger.io/dagger"], ["./sdk/index.ts"])
      const file = JSON.parse(await readFile(own("package.json"), "utf8"))
      expect(file).toMatchObject({ name, type: "module", dependencies: { typescript: "5.9.3" } })

      // Now there is nothing to add, and nothing runs for it.
      const second = await developed.dagger(develop)
      expect(second.exitCode).toBe(0)
      expect(second.stderr).not.toContain("tools/configure.js")
    } finally {
      await developed.remove()
    }
  })

  it("starts a module with dagger init", async () => {
    const fresh = await TestModule.create()
    try {
      // Without one, the command line asks the internet for it.
      await writeFile(join(fresh.dir, "LICENSE"), "")
      const init = await fresh.dagger(["init", "--sdk=typescript", "--name=brand-new", "--source=ci"])
      expect(init.exitCode).toBe(0)
      expect(await readFile(join(fresh.dir, "ci/src/index.ts"), "utf8")).toContain("class BrandNew")
      expect((await fresh.call(["files"])).split("\n")).toContain("dagger.json")
    } finally {
      await fresh.remove()
    }
  })

  it("sees an edit at the next call", async () => {
    const edited = await TestModule.create(fixture)
    try {
      const file = join(edited.dir, "src/lib/shout.ts")
      await writeFile(`${file}.new`, (await readFile(file, "utf8")).replace("!", "?"))
      await rename(`${file}.new`, file)
      expect(await edited.call(["hello"])).toBe("hello world, friendly?")
    } finally {
      await edited.remove()
    }
  })
})
