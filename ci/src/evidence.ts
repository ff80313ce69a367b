import { type Container, type Directory, dag, type File, type Secret } from "@dagger.io/dagger"
import { checked, requiredChecks, type Statement } from "../deployer/evidence/statement.js"
import { provenance } from "../evidence/provenance.js"
import { checkApp } from "./app-tests.js"
import { basesOf } from "./bases.js"
import type { Build } from "./build.js"
import { flags, formatArguments, paths } from "./lib/deploy-arguments.js"
import { deployerError } from "./lib/failure.js"
import { type ImageName, type Runtime, repositoryOf, runtimes } from "./lib/images.js"
import { imageReference } from "./lib/verification.js"
import { node } from "./node.js"
import { checkPolicy } from "./policy.js"
import { hostOf, type Registry, withRegistry } from "./registry.js"
import { insistOnClean } from "./scan.js"
import { always, explaining } from "./tools.js"

/** What is known of the images of a build. */
export interface Evidence {
  /** That they passed the checks that production asks for. */
  checks: Statement[]
  /** How each came to be. */
  provenance: Statement[]
  /** Lists of what is in them: the files IMAGE.cdx.json and IMAGE.spdx.json, as far as they are there. */
  sboms?: Directory
}

/** What the evidence is gathered of. */
export interface Origin {
  source: Directory
  build: Build
  runtime: Runtime
  /** The scan, which is under way; undefined: not scanned, which was asked for. */
  scan: Promise<Container> | undefined
}

/**
 * How each of the checks is done; each throws when it is not passed.
 *
 * @returns what was overruled
 */
const checks: Record<(typeof requiredChecks)[number], (origin: Origin) => Promise<string | undefined>> = {
  test: async ({ source }) => {
    await checkApp(source)
    return undefined
  },
  policy: async ({ source, build }) => {
    await checkPolicy(source, build, "text")
    return undefined
  },
  scan: async ({ scan }) => {
    if (scan === undefined) return "it was not made, by --allow-unscanned"
    await insistOnClean(await scan)
    return undefined
  },
}

/**
 * Does every check that production asks for, and writes down that the images of this build passed it, how they came to
 * be, and what is in them.
 *
 * @throws Error of the first check that is not passed
 */
export async function gatherEvidence(origin: Origin): Promise<Evidence> {
  const { source, build, runtime, scan } = origin
  const { commit, dirty } = build
  const images = build.images()
  const results = requiredChecks.map(async check => {
    const overruled = await checks[check](origin)
    return checked({ check, images, commit, dirty, at: new Date(), ...(overruled && { overruled }) })
  })
  const origins = images.map(image => originOf(image, source, build, runtime))
  return {
    checks: await Promise.all(results),
    provenance: await Promise.all(origins),
    ...(scan && { sboms: (await scan).directory("/out/sbom") }),
  }
}

async function originOf(
  { name, digest }: { name: string; digest: string },
  source: Directory,
  { commit, dirty }: Build,
  runtime: Runtime,
): Promise<Statement> {
  const unused = runtimes.filter(one => one !== runtime)
  const [bases, engine] = await Promise.all([basesOf(source, [name as ImageName], unused), dag.version()])
  const chosen = name === "backend" ? runtime : undefined
  return provenance({ image: { name, digest }, commit, dirty, runtime: chosen, bases, engine })
}

/**
 * Seals the evidence and hangs it at the images in the registry.
 *
 * @param signingKey undefined: nothing is signed
 * @returns a file with the envelopes of the checks, for the deployer
 */
export async function attachEvidence(
  evidence: Evidence,
  build: Build,
  signingKey: Secret | undefined,
  to: Registry,
): Promise<File> {
  const [checksFile, provenanceFile, sboms, sealed] = ["checks", "provenance", "sboms", "sealed"].map(
    name => `/evidence-of/${name}`,
  ) as [string, string, string, string]
  const images = build.images().flatMap(({ name, digest }) => {
    return ["--image", `${name}=${repositoryOf(name as ImageName)}@${digest}`]
  })
  const files = program(to)
    .withNewFile(checksFile, JSON.stringify(evidence.checks))
    .withNewFile(provenanceFile, JSON.stringify(evidence.provenance))
  const given = evidence.sboms ? files.withMountedDirectory(sboms, evidence.sboms) : files
  const args = flags({
    ...{ checks: checksFile, provenance: provenanceFile, sealed },
    sboms: evidence.sboms && sboms,
  })
  const command = ["attach", ...images, ...args, ...(await registryFlag(to))]
  return await run(given, command, signingKey, ran => ran.file(sealed).sync())
}

/** How an image's evidence is judged. */
export interface Rules {
  /** Public or private; undefined: signatures do not count. */
  key: Secret | undefined
  /** Days. */
  maxAge: number | undefined
  /** text or json */
  format: string
}

/** Judges an image in the registry by the evidence at it. */
export async function verifyEvidence(reference: string, rules: Rules, from: Registry): Promise<string> {
  const { repository, digest } = imageReference(reference, from.registryAddress)
  const image = ["--image", `image=${repository}@${digest}`]
  const args = [...flags({ reference, maxAge: rules.maxAge }), ...formatArguments(rules.format)]
  const command = ["verify", ...image, ...args, ...(await registryFlag(from))]
  const printed = await run(program(from), command, rules.key, ran => ran.stdout())
  return printed.trim()
}

/**
 * Whether the registry has the evidence by which a promotion is judged, in words. It is only said, and never fails: a
 * promotion needs no registry.
 *
 * @param promotable what the deployer said of the release
 */
export async function compareEvidence(promotable: string, registry: Registry): Promise<string> {
  if (!registry.registry) return "was not compared: no registry is given"
  const { images } = JSON.parse(promotable) as { images: { name: string; reference: string }[] }
  const named = images.flatMap(({ name, reference }) => {
    return ["--image", `${name}=${reference.slice(reference.indexOf("/") + 1)}`]
  })
  const file = "/evidence-of/promotion"
  const container = program(registry).withNewFile(file, promotable)
  try {
    const command = ["compare", ...named, ...flags({ promotion: file }), ...(await registryFlag(registry))]
    return (await run(container, command, undefined, ran => ran.stdout())).trim()
  } catch (error) {
    return `was not compared: ${(error as Error).message.split("\n")[0]}`
  }
}

/** Node and the program, which takes the statements' form and the judge from the deployer. */
function program(registry: Registry): Container {
  const module = dag.currentModule().source()
  return (
    withRegistry(always(node()), registry)
      .withMountedDirectory("/deployer", module.directory("deployer"))
      .withMountedDirectory("/evidence", module.directory("evidence"))
      // The registry goes by a name here that no certificate has. What is read is compared with its digest.
      .withEnvVariable("NODE_TLS_REJECT_UNAUTHORIZED", "0")
      .withEnvVariable("NODE_NO_WARNINGS", "1")
  )
}

async function registryFlag(registry: Registry): Promise<string[]> {
  return flags({ registry: await hostOf(registry) })
}

async function run<T>(
  container: Container,
  args: string[],
  key: Secret | undefined,
  result: (ran: Container) => Promise<T>,
): Promise<T> {
  const prepared = key ? container.withMountedSecret(paths.key, key) : container
  const named = flags({ key: key && paths.key })
  const ran = prepared.withExec(["node", "/evidence/main.ts", ...args, ...named])
  return await explaining(
    () => result(ran),
    error => deployerError(error.stderr),
  )
}
