import { parseArgs } from "node:util"
import { KitError } from "../lib/errors.ts"
import { removeLabelled } from "../lib/labelled.ts"
import { Progress } from "../lib/progress.ts"
import { endOfProcess, follow } from "./follow.ts"
import { compose, exists, openProject, type Project, services } from "./project.ts"
import { addresses, bringUp, start } from "./start.ts"

const usage = `npm run dev -- VERB

  start               starts backend and frontend and shows what they log; Ctrl-C stops them. The verb may be left out
  start --detach      the same, and leaves them running
  stop                stops them
  restart [SERVICE]   starts them anew, with what has changed in .env, package-lock.json or a Dockerfile
  logs [SERVICE]      what they have logged; --follow goes on
  clean               removes their containers, volumes, network and images

SERVICE is ${services.join(" or ")}.
`

interface Command {
  project: () => Promise<Project>
  projectDir: string
  service: string[]
  flags: { detach?: boolean; follow?: boolean }
}

const verbs: Record<string, (command: Command) => Promise<void>> = {
  start: startAll,
  stop,
  restart,
  logs,
  clean,
  help: async () => console.log(usage),
}

/** `npm run dev`: the application on this machine, reloading as it is edited. */
export async function dev(args: string[], projectDir: string): Promise<void> {
  const { values: flags, positionals } = parse(args)
  const [name = "start", ...service] = positionals
  const verb = verbs[name]
  if (!verb) throw wrongUsage(`there is no verb "${name}"`)
  const unknown = service.find(given => !services.some(known => known === given))
  if (unknown) throw wrongUsage(`there is no service "${unknown}"`)
  await verb({ project: () => openProject(projectDir), projectDir, service, flags })
}

function parse(args: string[]) {
  try {
    const options = {
      detach: { type: "boolean", short: "d" },
      follow: { type: "boolean", short: "f" },
    } as const
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    throw wrongUsage(error instanceof Error ? error.message : String(error))
  }
}

function wrongUsage(what: string): KitError {
  return new KitError("KIT_USAGE", what, { why: usage, fix: "use one of these" })
}

async function startAll({ project, projectDir, flags }: Command): Promise<void> {
  const ending = endOfProcess()
  try {
    await run(projectDir, flags.detach === true, ending)
  } catch (error) {
    if (!ending.aborted) throw error
  }
  if (ending.aborted) await stop({ project })
}

async function run(projectDir: string, detach: boolean, ending: AbortSignal): Promise<void> {
  const since = new Date().toISOString()
  const progress = new Progress()
  progress.say("Lockstep: starting the development environment")
  const project = await start(progress, projectDir, ending)
  progress.say(`\nReady after ${progress.elapsed()}. An edit under app/ shows at once.`)
  for (const { name, address } of addresses(project)) progress.say(`  ${name.padEnd(10)} ${address}`)
  if (detach) return progress.say("\nStop it with: npm run dev -- stop. What it logs: npm run dev -- logs")
  progress.say("\nCtrl-C stops it. What else there is: npm run dev -- help\n")
  await follow(project, since, ending)
  if (!ending.aborted) progress.say("The services have been stopped")
}

async function stop({ project }: Pick<Command, "project">): Promise<void> {
  const opened = await project()
  if (!(await exists(opened))) return console.log("Nothing to stop: there is no container")
  const progress = new Progress()
  progress.say("")
  await progress.step("stop", () => compose(opened, ["stop"]))
  progress.say("Stopped. Start it again with: npm run dev. Remove it with: npm run dev -- clean")
}

/** Containers are made anew, since one that is merely restarted keeps its old image and environment. */
async function restart({ project, service }: Command): Promise<void> {
  const opened = await started(project)
  const progress = new Progress()
  const only = service.length > 0 ? ["--no-deps"] : []
  await bringUp(progress, opened, {}, ["--force-recreate", ...only, ...service])
}

async function logs({ project, service, flags }: Command): Promise<void> {
  const opened = await started(project)
  const follows = flags.follow ? ["--follow"] : []
  await compose(opened, ["logs", ...follows, ...service], { stdout: "inherit", all: false })
}

async function clean({ project }: Command): Promise<void> {
  const { label } = await project()
  const progress = new Progress()
  for (const kind of ["containers", "volumes", "networks", "images"] as const) {
    await progress.step(kind, async note => note(`${await removeLabelled(kind, label)} removed`))
  }
}

async function started(project: () => Promise<Project>): Promise<Project> {
  const opened = await project()
  if (await exists(opened)) return opened
  throw new KitError("KIT_DEV_NOT_STARTED", "the development environment was not started", {
    why: `there is no container of the project ${opened.name}`,
    fix: "start it with npm run dev",
  })
}
