import { type Container, type Directory, dag, type GitRef, ReturnType } from "@dagger.io/dagger"
import { exitCodes } from "../deployer/errors.js"
import { hasPackages, type LockfilePath, lockfileRuns } from "../scanner/lockfile.js"
import type { Request } from "../scanner/model.js"
import type { Build } from "./build.js"
import { notScanned } from "./lib/failure.js"
import { knownSeverity } from "./lib/severities.js"
import { nodeImage, program } from "./node.js"
import { policyCommand, policyContainer } from "./policy.js"
import {
  bomName,
  bySource,
  dockerfiles,
  lockName,
  run,
  sbom,
  scanner,
  secretsInFiles,
  secretsInHistory,
  secretsInImage,
  updates,
  vulnerabilities,
  workflowSyntax,
  workflows,
} from "./scan-runs.js"
import { always, explaining } from "./tools.js"

/** What is scanned. */
export interface Scanned {
  /** The working tree, with all that git tracks. */
  tree: Directory
  /** For the history of secrets. */
  commit: GitRef
  /** What the pipeline reads. */
  source: Directory
  build: Build
  /** A folder ECOSYSTEM/all.zip for each; undefined: vulnerabilities are not looked for. */
  database: Directory | undefined
}

/** How it is judged and shown. */
export interface ScanOptions {
  failOn: string
  /** In days. */
  maxDbAge: number
  /** text or json */
  format: string
}

/** Of a scan that nobody said more about. */
export const usualLimits: ScanOptions = { failOn: "high", maxDbAge: 5, format: "text" }

/** The exceptions, at the repository's root; there need be none. */
const exceptionsFile = "security-exceptions.yaml"

/**
 * Looks at everything at once, and judges.
 *
 * @returns a container that has ended with the verdict's exit code; /out has the report
 */
export async function scan(scanned: Scanned, { failOn, maxDbAge, format }: ScanOptions): Promise<Container> {
  const { build, tree, source, database } = scanned
  const images = build.images().map(({ name, digest }) => ({ name, digest }))
  const { commit, dirty } = build
  const request: Request = { commit, dirty, images, failOn: knownSeverity(failOn), maxDbAgeDays: maxDbAge }
  const exceptions = (await tree.exists(exceptionsFile)) ? only(tree, exceptionsFile) : undefined
  const container = program("scanner")
    .withMountedDirectory("/runs", await runTools(scanned))
    .withMountedDirectory("/lockfiles", source.filter({ include: Object.keys(lockfileRuns) }))
    .withNewFile("/request.json", JSON.stringify(request))
  const withDatabase = database ? container.withMountedDirectory("/database", database) : container
  const complete = exceptions ? withDatabase.withDirectory(".", exceptions) : withDatabase
  const options = [
    ...(database ? ["--database=/database"] : []),
    ...(exceptions ? [`--exceptions=${exceptionsFile}`] : []),
  ]
  const judged = always(complete).withExec(["node", "scanner/main.ts", `--format=${format}`, ...options], {
    expect: ReturnType.Any,
  })
  // The SDK cannot ask one long chain of calls several things at once; of what is done already it can.
  return await judged.sync()
}

/** What the tools say, a folder for each run. They run again only when what they look at has changed. */
async function runTools(scanned: Scanned): Promise<Directory> {
  const { tree, commit, source, database, build } = scanned
  const runs: Record<string, Directory> = {
    // What git ignores stays on this machine: a signing key, files of secrets.
    "secrets/tree": secretsInFiles(tree.filter({ gitignore: true })),
    "secrets/history": secretsInHistory(commit),
    dockerfiles: await ofDockerfiles(source.directory("docker")),
    policy: run(policyContainer(source, build), ...policyCommand(build), "--json"),
    ...(await ofImages(scanned)),
    ...(await ofWorkflows(tree)),
    ...(database ? await ofLockfiles(source, database) : {}),
  }
  // All at once: put together, they would be made one after the other.
  await Promise.all(Object.values(runs).map(dir => dir.sync()))
  return Object.entries(runs).reduce((all, [name, dir]) => all.withDirectory(name, dir), dag.directory())
}

async function ofDockerfiles(docker: Directory): Promise<Directory> {
  const files = await docker.glob("**/Dockerfile*")
  const plain = files.filter(file => !file.endsWith(".dockerignore"))
  return dockerfiles(
    docker,
    plain.map(file => `docker/${file}`),
  )
}

async function ofImages({ build, database }: Scanned): Promise<Record<string, Directory>> {
  const runs = build.images().map(async image => {
    const files = sbom(image)
    const bom = () => bySource(files.file(bomName))
    const { name } = image
    const secrets = Object.entries(await secretsInImage(image))
    return {
      [`sbom/${name}`]: files,
      [`updates/${name}`]: updates(files),
      ...Object.fromEntries(secrets.map(([part, dir]) => [`secrets/images/${name}/${part}`, dir])),
      ...(database && { [`images/${name}`]: vulnerabilities(bom(), bomName, database) }),
    }
  })
  return Object.assign({}, ...(await Promise.all(runs)))
}

async function ofWorkflows(tree: Directory): Promise<Record<string, Directory>> {
  // The workflows alone: settings beside them could switch rules off.
  const pattern = ".github/workflows/*.y*ml"
  const files = await tree.glob(pattern)
  if (files.length === 0) return {}
  const alone = only(tree, pattern)
  return { workflows: workflows(alone), "workflow-syntax": workflowSyntax(alone, files) }
}

/**
 * Never as single files: those the engine knows by their content, and then asks for one where it met that content first.
 * That may be a call that has ended, and had another .env: the module is another one then, and is not found.
 */
function only(dir: Directory, pattern: string): Directory {
  return dir.filter({ include: [pattern] })
}

/** The repository's own, and two that are known to have old packages. */
async function ofLockfiles(source: Directory, database: Directory): Promise<Record<string, Directory>> {
  const canary = scanner().directory("canary")
  const own = (await lockfilesWithPackages(source)).map(path => [
    lockfileRuns[path],
    vulnerabilities(only(source, path), path, database),
  ])
  return {
    ...Object.fromEntries(own),
    "canary/lockfile": vulnerabilities(canary, lockName, database),
    "canary/bom": vulnerabilities(bySource(canary.file(bomName)), bomName, database),
  }
}

async function lockfilesWithPackages(source: Directory): Promise<LockfilePath[]> {
  const paths = Object.keys(lockfileRuns) as LockfilePath[]
  const looked = paths.map(async path => {
    const isThere = await source.exists(path)
    return isThere && hasPackages(JSON.parse(await source.file(path).contents())) ? [path] : []
  })
  return (await Promise.all(looked)).flat()
}

/**
 * The verdict for people or programs.
 *
 * @throws ExecError with the verdict's exit code, unless it is clean
 */
export async function verdictOf(scanned: Container): Promise<string> {
  const [code, text, errors] = await Promise.all([scanned.exitCode(), scanned.stdout(), scanned.stderr()])
  const said = text.trim() || errors.trim()
  await endWith(code, said)
  return said
}

/**
 * For what is done after a scan.
 *
 * @throws ExecError DEPLOY_NOT_SCANNED with the exit code of a refusal, unless the verdict is clean
 */
export async function insistOnClean(scanned: Container): Promise<void> {
  if ((await scanned.exitCode()) === 0) return
  const { verdict, reasons } = await verdictFileOf(scanned)
  await endWith(exitCodes.refused, notScanned(verdict, reasons))
}

/** What cannot be read has no verdict, and is no less an objection. */
async function verdictFileOf(scanned: Container): Promise<{ verdict: string; reasons: string[] }> {
  try {
    return JSON.parse(await scanned.file("/out/verdict.json").contents())
  } catch {
    return { verdict: "none", reasons: [(await scanned.stderr()).trim()] }
  }
}

/** Ends the call with an exit code of ours: that of an exec is the only one that gets out of the engine. */
async function endWith(code: number, said: string): Promise<void> {
  const ended = dag
    .container()
    .from(nodeImage)
    .withExec(["sh", "-c", 'exit "$0"', String(code)])
  await explaining(
    () => ended.sync(),
    () => said,
  )
}
