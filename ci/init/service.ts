import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { InitError } from "./errors.ts"

/** What is known of a service that can be taken. */
export interface Service {
  /** The command that starts it, in words: node dist/main.js */
  readonly start: readonly string[]
}

/** What is read of a package.json and of a package-lock.json. */
interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>
}
interface Lockfile {
  readonly packages?: Readonly<Record<string, unknown>>
}

/**
 * Makes sure that the pipeline can install, test and start a service.
 *
 * @param dir its folder
 * @throws InitError for the first thing that is missing
 */
export async function readService(dir: string): Promise<Service> {
  const { scripts = {} } = await readManifest(dir)
  const start = startCommand(scripts.start)
  insistOnTests(scripts.test)
  insistOnRegistry(await readLockfile(dir))
  return { start }
}

async function readManifest(dir: string): Promise<Manifest> {
  try {
    return JSON.parse(await readFile(join(dir, "package.json"), "utf8"))
  } catch (error) {
    throw new InitError("INIT_NO_PACKAGE", "the folder has no package.json that can be read", {
      why: (error as Error).message,
      todo: "give --from the folder of a Node service, in which its package.json is",
    })
  }
}

async function readLockfile(dir: string): Promise<Lockfile> {
  try {
    return JSON.parse(await readFile(join(dir, "package-lock.json"), "utf8"))
  } catch (error) {
    throw new InitError("INIT_NO_LOCKFILE", "the service has no package-lock.json that can be read", {
      why: `only a lockfile gives the same packages everywhere: ${(error as Error).message}`,
      todo: "run npm install in the service's folder, also if it had another package manager so far",
    })
  }
}

/**
 * Node itself, without npm or a shell in front of it: they would not hand on the signal to stop, and requests that are
 * under way would be lost at each release.
 */
function startCommand(script: string | undefined): string[] {
  if (script !== undefined && /^node(?: +[\w@./:=,+-]+)+$/.test(script)) return script.split(/ +/)
  throw new InitError("INIT_START", startFault(script), {
    why: "the container runs this command as it is, without npm or a shell, which would not hand on the signal to stop",
    todo: 'make it "node FILE", such as "node dist/main.js", and move what comes before it into the script build',
  })
}

function startFault(script: string | undefined): string {
  return script === undefined
    ? "package.json has no script start"
    : `package.json has a script start that is not node and a file: ${script}`
}

/** npm init puts a script there that always fails. */
function insistOnTests(script: string | undefined): void {
  if (script !== undefined && !script.includes("no test specified")) return
  throw new InitError("INIT_NO_TEST", "package.json has no script test", {
    why: "only what was tested is deployed",
    todo: "write a first test, such as one that the service answers: docs/your-application.md has one",
  })
}

function insistOnRegistry({ packages }: Lockfile): void {
  if (packages === undefined) {
    throw new InitError("INIT_NO_LOCKFILE", "package-lock.json has a form that npm no longer writes", {
      why: "it has no field packages, which lockfiles have since version 2",
      todo: "run npm install in the service's folder with a present npm",
    })
  }
  const local = Object.keys(packages).filter(path => path !== "" && !path.startsWith("node_modules/"))
  if (local.length === 0) return
  throw new InitError("INIT_LOCAL_PACKAGE", `the service has packages in folders: ${local.join(", ")}`, {
    why: "workspaces and file: packages lie outside what is installed from the lockfile alone",
    todo: "publish them to a registry, or move their files into the service",
  })
}
