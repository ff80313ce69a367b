/** Argument lists for the Docker CLI: pure, so that what would run is tested as text. */

const json = ["--format", "{{json .}}"] as const
const namespace = (stack: string) => ["--filter", `label=com.docker.stack.namespace=${stack}`]

export const version = () => ["version", ...json]
export const info = () => ["info", ...json]

export const imageInspect = (image: string) => ["image", "inspect", ...json, image]
export const pull = (image: string) => ["pull", "--quiet", image]

/**
 * `--resolve-image never`: the reference already is a digest, and asking the registry again could only fail.
 * The stack file comes on standard input. The CLI learned `--detach` in 26; later ones wait by default, and this program does its own waiting.
 */
export function stackDeploy(stack: string, clientVersion: string): string[] {
  const detach = Number.parseInt(clientVersion, 10) >= 26 ? ["--detach=true"] : []
  return ["stack", "deploy", "--with-registry-auth", "--resolve-image", "never", ...detach, "-c", "-", stack]
}

export const stackRemove = (stack: string) => ["stack", "rm", stack]

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
export const serviceRemove = (id: string) => ["service", "rm", id]

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
export const containersPublishing = (port: number) => ["ps", "--filter", `publish=${port}`, ...json]
export const logs = (container: string, lines: number) => ["logs", "--tail", String(lines), container]

export const networkList = (stack: string) => ["network", "ls", "--quiet", ...namespace(stack)]
export const networkRemove = (ids: readonly string[]) => ["network", "rm", ...ids]
