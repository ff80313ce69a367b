import * as commands from "./docker/commands.ts"
import { type Docker, must } from "./docker/exec.ts"
import type { Container, Service, Snapshot, Task } from "./docker/model.ts"
import { jsonLines, parseContainer, parseNode, parseService, parseTask, words } from "./docker/parse.ts"

/** Everything that the stack consists of at this moment. */
export async function observe(docker: Docker, stack: string): Promise<Snapshot> {
  const services = await readServices(docker, stack)
  const tasks = await readTasks(
    docker,
    services.map(service => service.id),
  )
  const ids = tasks.flatMap(task => task.containerId ?? [])
  const containers = await readContainers(docker, ids)
  const nodes = jsonLines(await must(docker, commands.nodeList())).map(parseNode)
  return { services, tasks, containers, nodes }
}

/** The services of one stack, or of the whole swarm. */
export async function readServices(docker: Docker, stack?: string): Promise<Service[]> {
  const ids = words(await must(docker, commands.serviceList(stack)))
  return inspectExisting(docker, ids, commands.serviceInspect, parseService)
}

async function readTasks(docker: Docker, services: readonly string[]): Promise<Task[]> {
  if (services.length === 0) return []
  const listed = await docker(commands.taskList(services))
  return inspectExisting(docker, words(listed.stdout), commands.taskInspect, parseTask)
}

// Containers of this node only. On a cluster those of other nodes are missing here: the health of their tasks is
// then known by the task's state alone (Swarm calls a task running only once its container is healthy).
async function readContainers(docker: Docker, ids: readonly string[]): Promise<Container[]> {
  return inspectExisting(docker, ids, commands.containerInspect, parseContainer)
}

/** What was listed may be gone by now: `inspect` then exits 1, having printed those that exist. */
async function inspectExisting<T>(
  docker: Docker,
  ids: readonly string[],
  command: (ids: readonly string[]) => string[],
  parse: (json: ReturnType<typeof jsonLines>[number]) => T,
): Promise<T[]> {
  if (ids.length === 0) return []
  return jsonLines((await docker(command(ids))).stdout).map(parse)
}
