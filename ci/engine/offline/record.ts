import { existsSync } from "node:fs"
import { chmod, copyFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { delimiter, join } from "node:path"
import type { Note, Progress } from "../lib/progress.ts"
import { run } from "../lib/run.ts"
import { artifactPath } from "../lib/store.ts"
import type { Parts } from "../parts.ts"
import { daggerCall } from "../start.ts"
import { kitLabel } from "../versions.ts"
import { aptSettings } from "./apt-settings.mjs"
import type { Stage } from "./stage.ts"

/**
 * The calls that together fetch all that any call fetches: `policy` needs what the first two do, `status` makes the
 * container with the tools that `deploy`, `stop` and `verify-image` use as well. A scan without a vulnerability database
 * compiles not all of its tools.
 */
const calls = {
  test: ["test"],
  build: ["build"],
  tools: ["scan-tools", "entries"],
  scan: ["security-report", "entries"],
  status: ["--docker=unix:///var/run/docker.sock", "status", "--env", "staging"],
}

/** A module with a package from npm, which the tests use; where another service is in place, there are none. */
const testModule = join("test", "sdk", "fixture")

/** Versions that the tests of the scan plant; none either. */
const plantedPackages = join("test", "scan", "vulnerable.json")

/** Debian packages that the kit and the tests install on a machine, and zstd, which unpacks the pack. */
const debianPackages = [
  "docker.io",
  "iptables",
  "openssh-server",
  "skopeo",
  "chromium",
  "fonts-liberation",
  "jq",
  "curl",
  "ca-certificates",
  "zstd",
]

interface Recording {
  projectDir: string
  /** For scratch. */
  dir: string
  stage: Stage
  parts: Parts
  interrupted: AbortSignal
}

/** Does on the stage what a machine without network will want to do, so that the proxy has seen it all. */
export async function record(progress: Progress, recording: Recording): Promise<void> {
  await progress.step("test", note => recordTest(recording, note))
  await progress.step("build", async note => {
    const printed = await callOn(recording, recording.projectDir, calls.build)
    note((printed.match(/\w+ +sha256:\w+/g) ?? []).join(", "))
  })
  await progress.step("scan tools", () => callOn(recording, recording.projectDir, calls.tools))
  await progress.step("scan", () => callOn(recording, recording.projectDir, calls.scan))
  await progress.step("status", () => callOn(recording, recording.projectDir, calls.status))
  await progress.step("test module", () => recordTestModule(recording))
  await progress.step("npm packages", () => recordNpm(recording))
  await progress.step("debian packages", () => recordDebian(recording))
}

async function callOn(
  { stage, parts, interrupted }: Recording,
  cwd: string,
  call: string[],
): Promise<string> {
  const env = {
    PATH: [artifactPath(parts.binaries), process.env.PATH].join(delimiter),
    _EXPERIMENTAL_DAGGER_RUNNER_HOST: stage.engine,
  }
  return await daggerCall(cwd, call, { env, cancelSignal: interrupted })
}

/** A test that fails is no matter here: its packages came before it. Where they did not, `build` fails as well. */
async function recordTest(recording: Recording, note: Note): Promise<void> {
  try {
    await callOn(recording, recording.projectDir, calls.test)
  } catch (error) {
    if (recording.interrupted.aborted) throw error
    note("failed; what it fetched is in the pack all the same")
  }
}

/** In a folder of its own: the root of a repository is the root of what a module can see. */
async function recordTestModule(recording: Recording): Promise<void> {
  if (!existsSync(join(recording.projectDir, testModule))) return
  const copy = join(recording.dir, "module")
  await cp(join(recording.projectDir, testModule), copy, { recursive: true })
  await run("git", ["init", "--quiet"], { cwd: copy })
  await callOn(recording, copy, ["camel", "--text=packed"])
  await rm(copy, { recursive: true })
}

/** The machine's own npm is another version than the pipeline's, and may ask for other files. */
async function recordNpm({ projectDir, dir, stage }: Recording): Promise<void> {
  const work = join(dir, "npm")
  await mkdir(work)
  for (const file of ["package.json", "package-lock.json", ".npmrc"])
    await copyFile(join(projectDir, file), join(work, file))
  const env = {
    npm_config_proxy: stage.proxy.url,
    npm_config_https_proxy: stage.proxy.url,
    npm_config_cafile: stage.proxy.certificate,
  }
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
  const npm = (...args: string[]) =>
    run("npm", [...args, ...quiet, "--cache", join(dir, "npm-cache")], { cwd: work, env })
  await npm("ci")
  const planted = await readPlanted(projectDir)
  if (planted.length > 0) await npm("pack", ...planted)
  for (const scrap of [work, join(dir, "npm-cache")]) await rm(scrap, { recursive: true })
}

async function readPlanted(projectDir: string): Promise<string[]> {
  const file = join(projectDir, plantedPackages)
  if (!existsSync(file)) return []
  const packages: Record<string, { version: string; fixed: string }> = JSON.parse(
    await readFile(file, "utf8"),
  )
  return Object.entries(packages).flatMap(([name, { version, fixed }]) => [
    `${name}@${version}`,
    `${name}@${fixed}`,
  ])
}

// Without what is installed: the packages come with all that they depend on, whatever a machine has already.
const download = `set -e
cp /etc/apt/sources.list /apt/sources.list
apt-get update -qq
apt-get install -y -qq --download-only --no-install-recommends -o Dir::State::status=/dev/null "$@"`

/** Leaves `apt-sources.list` in the folder: the mirrors under whose addresses the packages were recorded. */
async function recordDebian({ dir, stage }: Recording): Promise<void> {
  const apt = join(dir, "apt")
  await mkdir(join(apt, "lists", "partial"), { recursive: true })
  await copyFile(stage.proxy.certificate, join(apt, "authority.crt"))
  const inside = { authority: "/apt/authority.crt", lists: "/apt/lists", sources: "/etc/apt/sources.list" }
  await writeFile(join(apt, "apt.conf"), aptSettings({ proxy: stage.proxy.url, ...inside }))
  await chmod(dir, 0o755)
  await run("docker", [
    ...["run", "--rm", "--label", `${kitLabel}=pack`, "--network", stage.name, "-v", `${apt}:/apt`],
    ...["-e", "APT_CONFIG=/apt/apt.conf", "-e", "DEBIAN_FRONTEND=noninteractive", stage.image],
    ...["bash", "-c", download, "bash", ...debianPackages],
  ])
  await copyFile(join(apt, "sources.list"), join(dir, "apt-sources.list"))
  await rm(apt, { recursive: true })
}
