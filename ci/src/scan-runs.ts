import { type Container, type Directory, dag, type File, type GitRef } from "@dagger.io/dagger"
import { type Image } from "./build.js"
import { manifestDigest } from "./lib/layout.js"
import { node, program } from "./node.js"
import { moduleProgram, wheelProgram } from "./scan-tools.js"

export const lockName = "package-lock.json"
/** By this ending the vulnerability scanner knows what it is. */
export const bomName = "bom.cdx.json"

/** Unprivileged, as in the images. */
const user = "10001:10001"

/** Keeps what a tool said and how it ended: whether that is good is not the shell's to tell. */
const keep = `"$@" >/out/stdout 2>/out/stderr; echo $? >/out/exit`

/**
 * What a command says: `exit`, `stdout` and `stderr`, and the files that it writes to /out.
 */
export function run(container: Container, ...command: string[]): Directory {
  return (
    container
      .withDirectory("/out", dag.directory(), { owner: user })
      .withUser(user)
      // In memory: what a tool leaves there would be kept with each of its runs.
      .withMountedTemp("/tmp")
      .withEnvVariable("HOME", "/tmp")
      .withExec(["sh", "-c", keep, "sh", ...command])
      .directory("/out")
  )
}

export function scanner(): Directory {
  return dag.currentModule().source().directory("scanner")
}

// Without what the repository itself says may be ignored: that has neither a reason nor an end.
const strict = [
  "--ignore-gitleaks-allow",
  "--gitleaks-ignore-path=/dev/null",
  "--config=/scanner/gitleaks.toml",
]
const report = ["--report-format=json", "--report-path=/out/report.json", "--redact=100", "--exit-code=0"]

export function secretsInFiles(tree: Directory): Directory {
  return leaks(moduleTool("gitleaks"), "dir", tree, { owner: user })
}

export function secretsInHistory(commit: GitRef): Directory {
  const withGit = moduleTool("gitleaks")
    .withExec(["apt-get", "update", "-qq", "-o", "Acquire::Check-Valid-Until=false"])
    .withExec(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "git"])
  return leaks(withGit, "git", commit.tree({ depth: -1 }), { owner: user })
}

/**
 * Each layer by itself, so that those of a base stay in the cache while the content changes, and the configuration with
 * the variables and the history. The layers are unpacked here: the tool knows an archive by the ending of its name, which
 * blobs have not, and would search none.
 */
export async function secretsInImage({ layout }: Image): Promise<Record<string, Directory>> {
  const blob = (digest: string) => layout.file(`blobs/${digest.replace(":", "/")}`)
  const digest = manifestDigest(await layout.file("index.json").contents())
  const { config, layers } = JSON.parse(await blob(digest).contents()) as Manifest
  const searched = layers.map(
    (layer, index) => [`layer-${index + 1}`, secretsInLayer(blob(layer.digest))] as const,
  )
  const configuration = secretsInFiles(dag.directory().withFile("config.json", blob(config.digest)))
  return { config: configuration, ...Object.fromEntries(searched) }
}

interface Manifest {
  readonly config: { readonly digest: string }
  readonly layers: readonly { readonly digest: string }[]
}

/** Unpacked so that everybody may read it all, whatever the layer says, and nothing is copied for another owner. */
function secretsInLayer(layer: File): Directory {
  const unpack = "mkdir /layer && tar -xf /blob -C /layer --no-same-owner && chmod -R a+rX /layer"
  const unpacked = node().withMountedFile("/blob", layer).withExec(["sh", "-c", unpack])
  return leaks(moduleTool("gitleaks"), "dir", unpacked.directory("/layer"))
}

/** @param options an owner, where the files have none that lets the tool read them */
function leaks(
  container: Container,
  command: "dir" | "git",
  dir: Directory,
  options: { owner?: string } = {},
): Directory {
  const mounted = container
    .withMountedDirectory("/scanner", scanner())
    .withMountedDirectory("/scanned", dir, options)
    .withWorkdir("/scanned")
  return run(mounted, "gitleaks", command, ".", "--no-banner", "--log-level=warn", ...strict, ...report)
}

export function dockerfiles(docker: Directory, files: string[]): Directory {
  const container = wheelTool("hadolint").withMountedDirectory("/tree/docker", docker).withWorkdir("/tree")
  return run(container, "hadolint", "--disable-ignore-pragma", "--format=json", ...files)
}

// A comment in a workflow would switch a rule off, without a reason that anybody reads and without an end.
const zizmor = `sed -i 's/zizmor: *ignore/zizmor, ignore/' .github/workflows/*
exec zizmor --offline --no-config --strict-collection --no-progress --persona=pedantic --format=json .`

/** @param tree the workflows alone */
export function workflows(tree: Directory): Directory {
  const container = wheelTool("zizmor").withDirectory("/tree", tree, { owner: user }).withWorkdir("/tree")
  return run(container, "sh", "-c", zizmor)
}

export function workflowSyntax(tree: Directory, files: string[]): Directory {
  const container = moduleTool("actionlint").withMountedDirectory("/tree", tree).withWorkdir("/tree")
  return run(container, "actionlint", "-no-color", "-format={{json .}}", ...files)
}

/** What is in an image, as CycloneDX and as SPDX. */
export function sbom({ name, layout }: Image): Directory {
  const container = moduleTool("syft").withMountedDirectory("/image", layout)
  const formats = [`cyclonedx-json=/out/${bomName}`, "spdx-json=/out/bom.spdx.json"].flatMap(one => [
    "-o",
    one,
  ])
  return run(container, "syft", "scan", "oci-dir:/image", "--source-name", name, "-q", ...formats)
}

/** A folder with an SBOM as the vulnerability scanner needs it, under its usual name. */
export function bySource(bom: File): Directory {
  return program("scanner")
    .withMountedFile("/bom.json", bom)
    .withDirectory("/by-source", dag.directory())
    .withExec(["node", "scanner/source-packages.ts", "/bom.json"], {
      redirectStdout: `/by-source/${bomName}`,
    })
    .directory("/by-source")
}

/** @param path of the SBOM or lockfile, in the folder */
export function vulnerabilities(dir: Directory, path: string, database: Directory): Directory {
  const container = moduleTool("osv-scanner")
    // Where the scanner looks; its documentation names another folder.
    .withMountedDirectory("/db/osv-scalibr", database)
    .withMountedDirectory("/scanned", dir, { owner: user })
  const options = ["--offline", "--local-db-path=/db", "--no-resolve", "--format=json", "--all-vulns"]
  return run(container, "osv-scanner", "scan", "source", ...options, "-L", `/scanned/${path}`)
}

const findUpdates = `set -e
mkdir -p /tmp/apt/lists/partial /tmp/apt/archives/partial
node scanner/debian-status.ts /sbom >/tmp/apt/status
options="-o Dir::State=/tmp/apt -o Dir::Cache=/tmp/apt -o Dir::State::status=/tmp/apt/status"
apt-get update -qq $options -o Acquire::Check-Valid-Until=false -o APT::Update::Error-Mode=any
grep -h ^Date: /tmp/apt/lists/*Release >/out/dates
apt list --upgradable $options`

/** Asks Debian once a day. */
export function updates(bom: Directory): Directory {
  const container = program("scanner")
    .withMountedDirectory("/sbom", bom)
    .withEnvVariable("LOCKSTEP_DAY", new Date().toISOString().slice(0, 10))
  return run(container, "sh", "-c", findUpdates)
}

function moduleTool(name: Parameters<typeof moduleProgram>[0]): Container {
  return node().withFile(`/usr/local/bin/${name}`, moduleProgram(name), { permissions: 0o755 })
}

function wheelTool(name: Parameters<typeof wheelProgram>[0]): Container {
  return node().withFile(`/usr/local/bin/${name}`, wheelProgram(name), { permissions: 0o755 })
}
