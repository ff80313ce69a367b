import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { clean } from "./clean.ts"
import { dev } from "./dev/main.ts"
import { formatError, KitError } from "./lib/errors.ts"
import { exclusively } from "./lib/lock.ts"
import { Progress } from "./lib/progress.ts"
import { type PackOptions, pack } from "./offline/pack.ts"
import { reproduce } from "./reproduce/reproduce.ts"
import { daggerCall, testBuildDeploy } from "./start.ts"
import { formatStatus, status } from "./status.ts"
import { runningEngine } from "./steps/containers.ts"
import { type Lane, runTests } from "./test.ts"
import { up } from "./up.ts"

const projectDir = join(dirname(fileURLToPath(import.meta.url)), "..", "..")

const usage = `npm run kit -- VERB

  up             make this machine able to run dagger call and to deploy (what npm start and npm test do first)
  status         what is there; --json for programs; exit code 1 when something is missing
  clean          remove all that the kit made on this machine; Docker itself stays
  start          npm start: up, then test, build and deploy to staging
  test           npm test: up, then every test; --full adds the long ones
  fresh          npm run test:fresh: both commands of the README on a bare machine (a container)
  dev            npm run dev: the application with live reload; npm run dev -- help says more
  pack           writes one file with all that a machine without network needs; --out=FILE says where,
                 --vulnerability-db=DIR which vulnerability database goes along
  unpack         FILE: takes everything from that file from now on, until clean
  reproduce      npm run reproduce: builds HEAD on two empty engines; exit code 0 only when the images are equal
`

/** Most of the time, those that deploy wait for releases to be watched: others run beside them. */
const shortTests: Lane[] = [
  ["unit", "e2e"],
  ["host", "workflow"],
]
/** After the others, since they disturb: they fill disks and start engines and machines. */
const longTests: Lane = ["sdk", "your-application", "faults", "interoperability", "fresh", "reproduce"]

type Verb = (args: string[]) => Promise<void>

const verbs: Record<string, Verb> = {
  up: () => exclusively("kit up", upOnly),
  start: () => exclusively("npm start", start),
  test: args =>
    exclusively("npm test", () =>
      test(args.includes("--full") ? [[...shortTests.flat(), ...longTests]] : shortTests),
    ),
  fresh: () => exclusively("npm run test:fresh", () => test([["fresh"]])),
  pack: args => exclusively("kit pack", () => pack(new Progress(), projectDir, packOptions(args))),
  reproduce: reproduceHead,
  dev: args => dev(args, projectDir),
  status: args => showStatus(args.includes("--json")),
  clean,
  help: async () => console.log(usage),
}

async function upOnly(): Promise<void> {
  const progress = new Progress()
  progress.say("Lockstep: making this machine ready")
  await up(progress, projectDir)
  progress.say(`Ready after ${progress.elapsed()}. Try: dagger functions`)
}

async function start(): Promise<void> {
  const progress = new Progress()
  progress.say("Lockstep: making this machine ready")
  await up(progress, projectDir)
  progress.say("Testing, building, deploying to staging")
  const { url } = await testBuildDeploy(progress, projectDir)
  progress.say(`\nDone after ${progress.elapsed()}. The service answers at ${url}`)
  progress.say("Stop it with: dagger call stop --env staging. What else there is: dagger functions")
}

async function test(lanes: Lane[]): Promise<void> {
  const progress = new Progress()
  progress.say("Lockstep: making this machine ready")
  await up(progress, projectDir)
  // Compiling them takes longer than a test may.
  if (lanes.flat().includes("e2e"))
    await progress.step("scan tools", () => daggerCall(projectDir, ["scan-tools", "entries"]))
  process.exitCode = await runTests(projectDir, lanes)
}

/** Holds the lock only while it makes the engine: building on engines of its own disturbs nobody, and may be tested. */
async function reproduceHead(): Promise<void> {
  if ((await runningEngine()) === "none") await exclusively("npm run reproduce", upOnly)
  await reproduce(new Progress(), projectDir)
}

function packOptions(args: string[]): PackOptions {
  const named = (flag: string) => args.find(arg => arg.startsWith(flag))?.slice(flag.length)
  return { file: named("--out="), database: named("--vulnerability-db=") }
}

async function showStatus(json: boolean): Promise<void> {
  const lines = await status()
  console.log(json ? JSON.stringify(lines) : formatStatus(lines))
  if (lines.some(line => !line.ready)) process.exitCode = 1
}

async function main([name = "up", ...args]: string[]): Promise<void> {
  const verb = verbs[name]
  if (verb) return await verb(args)
  throw new KitError("KIT_USAGE", `there is no verb "${name}"`, { why: usage, fix: "use one of these verbs" })
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(formatError(error))
  process.exitCode = 1
}
