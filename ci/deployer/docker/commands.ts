/** Argument lists for the Docker CLI: pure, so that what would run is tested as text. */

const json = ["--format", "{{json .}}"] as const
const namespace = (stack: string) => ["--filter", `label=com.docker.stack.namespace=${stack}`]

export const version = () => ["version", ...json]
export const info = () => ["info", ...json]

export const nodeList = () => ["node", "ls", ...json]
export const diskUsage = () => ["system", "df", ...json]

export const imageInspect = (image: string) => ["image", "inspect", ...json, image]
/** Docker refuses when a container has it. */
export const imageRemove = (image: string) => ["image", "rm", image]
export const pull = (image: string) => ["pull", "--quiet", image]

/**
 * `--resolve-image never`: the reference already is a digest, and asking the registry again could only fail.
 * The stack file comes on standard input. The CLI learned `--detach` in 26; later ones wait by default, and this program does its own waiting.
 */
export function stackDeploy(stack: string, clientVersion: string): string[] {
  const detach = Number.parseInt(clientVersion, 10) >= 26 ? ["--detach=true"] : []
  return ["stack", "deploy", "--with-registry-auth", "--resolve-image", "never", ...detach, "-c", "-", stack]
}

export const serviceList = (stack?: string) => [
  "service",
  "ls",
  ...(stack ? namespace(stack) : []),
  "--quiet",
]
export const serviceInspect = (ids: readonly string[]) => ["service", "inspect", ...json, ...ids]
export const serviceRollback = (id: string) => ["service", "rollback", "--detach", id]
/** Replaces the tasks by new ones of the same specification. */
export const serviceRestart = (id: string) => ["service", "update", "--force", "--detach", "--quiet", id]
export const serviceRemove = (ids: readonly string[]) => ["service", "rm", ...ids]

export const taskList = (ids: readonly string[]) => ["service", "ps", "--no-trunc", "--quiet", ...ids]
export const taskInspect = (ids: readonly string[]) => ["inspect", "--type", "task", ...json, ...ids]

export const containerInspect = (ids: readonly string[]) => [
  "inspect",
  "--type",
  "container",
  ...json,
  ...ids,
]
export const containerList = (stack: string) => ["ps", "--all", "--quiet", ...namespace(stack)]
/** One that is never started. */
export const containerCreate = (name: string, image: string) => [
  ...["create", "--pull", "never", "--name", name, "--network", "none"],
  image,
]
export const containerRemove = (name: string) => ["rm", "--force", name]
export const containersPublishing = (port: number) => ["ps", "--filter", `publish=${port}`, ...json]
export const logs = (container: string, lines: number) => ["logs", "--tail", String(lines), container]

/** Of all its containers on all nodes, old ones as well; each line with the time at which Docker got it. */
export const serviceLogs = (
  id: string,
  { since, tail, follow }: { since: string | undefined; tail: number | undefined; follow: boolean },
) => [
  ...["service", "logs", "--raw", "--timestamps"],
  ...(since === undefined ? [] : ["--since", since]),
  ...(tail === undefined ? [] : ["--tail", String(tail)]),
  ...(follow ? ["--follow"] : []),
  id,
]

export const networkList = (stack: string) => ["network", "ls", "--quiet", ...namespace(stack)]
/** @param label that they have as well */
export const networkNames = (stack: string, label?: string) => [
  ...["network", "ls", ...namespace(stack)],
  ...(label === undefined ? [] : ["--filter", `label=${label}`]),
  ...["--format", "{{.Name}}"],
]
export const networkRemove = (ids: readonly string[]) => ["network", "rm", ...ids]

const flagged = (flag: string, pairs: Readonly<Record<string, string>>) =>
  Object.entries(pairs).flatMap(([key, value]) => [flag, `${key}=${value}`])

export const configCreate = (name: string, labels: Readonly<Record<string, string>>) => [
  "config",
  "create",
  ...flagged("--label", labels),
  name,
  "-",
]
export const configList = (labels: Readonly<Record<string, string>>) => [
  "config",
  "ls",
  "--quiet",
  ...Object.entries(labels).flatMap(([key, value]) => ["--filter", `label=${key}=${value}`]),
]
export const configInspect = (ids: readonly string[]) => ["config", "inspect", ...json, ...ids]
export const configRemove = (ids: readonly string[]) => ["config", "rm", ...ids]

/** Secrets and configs of a release: those that its stack file declared. */
export const materialList = (kind: "secret" | "config", stack: string) => [
  kind,
  "ls",
  ...namespace(stack),
  "--format",
  "{{.ID}} {{.Name}}",
]
export const materialRemove = (kind: "secret" | "config", ids: readonly string[]) => [kind, "rm", ...ids]

export const execute = (container: string, command: readonly string[]) => ["exec", container, ...command]

/** On the node that is asked; a cluster's other nodes have their own. */
export const volumeList = (stack: string) => ["volume", "ls", "--quiet", ...namespace(stack)]
export const volumeRemove = (names: readonly string[]) => ["volume", "rm", ...names]
