import { execa, type Options } from "execa"
import { KitError } from "./lib/errors.ts"
import type { Note, Progress } from "./lib/progress.ts"
import { cliEnvironment } from "./steps/cli.ts"
import { databaseSetting } from "./steps/settings.ts"

/** The service's answer at /api/version, as far as the check after a deploy reads it. */
interface VersionAnswer {
  digest?: string
}

/** What `dagger call deploy --format=json` prints, as far as it is used here. */
interface Deployed {
  url: string
  digest: string
}

/** Tests, builds and deploys to staging with the same calls that a person types, then asks the service itself. */
export async function testBuildDeploy(progress: Progress, projectDir: string): Promise<Deployed> {
  await progress.step("test", () => daggerCall(projectDir, ["test"]))
  await progress.step("build", () => daggerCall(projectDir, ["build"]))
  const deployed = await progress.step("deploy", note => deploy(projectDir, note))
  await progress.step("answers", async note => note(await askService(deployed)))
  return deployed
}

/** The first minute on a machine has no vulnerability database yet, and nobody to ask for an exception: it says so. */
async function deploy(projectDir: string, note: Note): Promise<Deployed> {
  const isScanned = (await databaseSetting(projectDir)) !== undefined
  const options = isScanned ? [] : ["--allow-unscanned"]
  const call = ["deploy", "--env", "staging", "--format=json", ...options]
  const result: Deployed = JSON.parse(await daggerCall(projectDir, call))
  // As `status` shows it: the whole one does not fit into a line.
  const digest = `${result.digest.slice(0, 19)}…`
  note(isScanned ? digest : `${digest}, not scanned: docs/security.md`)
  return result
}

/**
 * A `dagger call` in a clone.
 *
 * @returns what it printed on stdout
 * @throws KitError KIT_CALL_FAILED with its last lines
 */
export async function daggerCall(
  cwd: string,
  call: string[],
  { env, ...options }: Pick<Options, "env" | "cancelSignal"> = {},
): Promise<string> {
  const args = ["call", "--progress=plain", ...call]
  const result = await execa("dagger", args, {
    cwd,
    env: { ...cliEnvironment(), ...env },
    stdin: "ignore",
    reject: false,
    all: true,
    ...options,
  })
  if (!result.failed) return result.stdout
  throw new KitError("KIT_CALL_FAILED", `dagger call ${call.join(" ")} failed`, {
    why: result.all.trim().split("\n").slice(-30).join("\n"),
    fix: `run "dagger call ${call.join(" ")}" to see all of it, mend the cause and run the same command again`,
  })
}

/** The digest that the service itself names must be the one that was deployed. */
async function askService({ url, digest }: Deployed): Promise<string> {
  const answer = await fetch(`${url}/api/version`, { signal: AbortSignal.timeout(5000) })
  const version = (await answer.json()) as VersionAnswer
  if (answer.ok && version.digest === digest) return `${url}/api/version names this digest`
  throw new KitError("KIT_WRONG_VERSION", `${url} does not run what was deployed`, {
    why: `it answers ${answer.status} with digest ${version.digest}; ${digest} was deployed`,
    fix: "see what holds the port: dagger call status --env staging",
  })
}
