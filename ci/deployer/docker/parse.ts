import type { Container, HealthTiming, Image, Node, Service, Swarm, Task } from "./model.ts"

/** One JSON object a line, which is what `--format '{{json .}}'` prints. Other lines are the CLI's remarks. */
export function jsonLines(text: string): Json[] {
  return text
    .split("\n")
    .filter(line => line.startsWith("{"))
    .map(line => new Json(JSON.parse(line)))
}

export function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean)
}

/** Docker's JSON leaves out what is empty, and differs between versions: reading it never throws. */
export class Json {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }

  at(...path: string[]): Json {
    let value = this.value
    for (const key of path) value = isRecord(value) ? value[key] : undefined
    return new Json(value)
  }

  get text(): string {
    return typeof this.value === "string" ? this.value : ""
  }

  get number(): number | undefined {
    return typeof this.value === "number" ? this.value : undefined
  }

  get list(): Json[] {
    return Array.isArray(this.value) ? this.value.map(item => new Json(item)) : []
  }

  get record(): Record<string, string> {
    if (!isRecord(this.value)) return {}
    return Object.fromEntries(Object.entries(this.value).map(([key, value]) => [key, String(value)]))
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function publishedPorts(ports: Json): number[] {
  const numbers = ports.list.map(port => port.at("PublishedPort").number ?? 0).filter(port => port > 0)
  return [...new Set(numbers)] // Docker lists IPv4 and IPv6 apart.
}

export function parseService(json: Json): Service {
  const spec = json.at("Spec")
  return {
    id: json.at("ID").text,
    name: spec.at("Name").text,
    labels: spec.at("Labels").record,
    image: spec.at("TaskTemplate", "ContainerSpec", "Image").text,
    // A global service has one task a node, and there is one node for now.
    wanted: spec.at("Mode", "Replicated", "Replicas").number ?? 1,
    ports: publishedPorts(spec.at("EndpointSpec", "Ports")),
    template: spec.at("TaskTemplate").value,
    updateState: json.at("UpdateStatus", "State").text || undefined,
    updateMessage: json.at("UpdateStatus", "Message").text,
  }
}

export function parseTask(json: Json): Task {
  const status = json.at("Status")
  return {
    id: json.at("ID").text,
    serviceId: json.at("ServiceID").text,
    image: json.at("Spec", "ContainerSpec", "Image").text,
    spec: json.at("Spec").value,
    desired: json.at("DesiredState").text,
    state: status.at("State").text,
    error: status.at("Err").text,
    exitCode: status.at("ContainerStatus", "ExitCode").number,
    containerId: status.at("ContainerStatus", "ContainerID").text || undefined,
    nodeId: json.at("NodeID").text || undefined,
    ports: publishedPorts(status.at("PortStatus", "Ports")),
    createdAt: json.at("CreatedAt").text,
  }
}

/** As `docker node ls` prints it. */
export function parseNode(json: Json): Node {
  const isDown = json.at("Status").text === "Down"
  return { id: json.at("ID").text, isDown, isSelf: json.at("Self").value === true }
}

export function parseContainer(json: Json): Container {
  const health = json.at("State", "Health")
  const failed = health.at("Log").list.filter(entry => entry.at("ExitCode").number !== 0)
  return {
    id: json.at("Id").text,
    imageId: json.at("Image").text,
    running: json.at("State", "Running").value === true,
    health: healthWord(health.at("Status").text),
    failingStreak: health.at("FailingStreak").number ?? 0,
    healthOutput: failed.at(-1)?.at("Output").text.trim() ?? "",
  }
}

function healthWord(text: string): Container["health"] {
  return text === "healthy" || text === "starting" || text === "unhealthy" ? text : "none"
}

export function parseImage(json: Json): Image {
  return { id: json.at("Id").text, health: parseHealthcheck(json.at("Config", "Healthcheck")) }
}

function parseHealthcheck(json: Json): HealthTiming | undefined {
  const test = json.at("Test").list[0]?.text
  if (!test || test === "NONE") return undefined
  const seconds = (name: string, fallback: number) => (json.at(name).number || fallback * 1e9) / 1e9
  return {
    startPeriodSeconds: seconds("StartPeriod", 0),
    intervalSeconds: seconds("Interval", 30),
    timeoutSeconds: seconds("Timeout", 30),
    retries: json.at("Retries").number || 3,
  }
}

export function parseSwarm(info: Json): Swarm {
  const swarm = info.at("Swarm")
  const state = swarm.at("LocalNodeState").text || "unknown"
  const manager = swarm.at("ControlAvailable").value === true
  return { active: state === "active", manager, state, error: swarm.at("Error").text }
}
