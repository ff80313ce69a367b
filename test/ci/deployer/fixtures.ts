import type { Container, Node, Service, Snapshot, Task } from "../../../ci/deployer/docker/model.ts"
import { labels } from "../../../ci/deployer/environments.ts"

export const digest = `sha256:${"a".repeat(64)}`
export const image = `registry:5000/app@${digest}`
export const oldImage = `registry:5000/app@sha256:${"b".repeat(64)}`

export function service(changes: Partial<Service> = {}): Service {
  return {
    id: "s1",
    name: "demo_backend",
    labels: { [labels.env]: "staging", [labels.deployId]: "d2", [labels.deployedAt]: "2026-01-02T03:04:05Z" },
    image,
    wanted: 1,
    ports: [8080],
    template: { ContainerSpec: { Image: image } },
    updateState: undefined,
    updateMessage: "",
    ...changes,
  }
}

export function task(changes: Partial<Task> = {}): Task {
  const runs = changes.image ?? image
  return {
    id: "t2",
    serviceId: "s1",
    image: runs,
    spec: { ContainerSpec: { Image: runs } },
    desired: "running",
    state: "running",
    error: "",
    exitCode: undefined,
    containerId: "c2",
    nodeId: "n1",
    ports: [8080],
    createdAt: "2026-01-02T03:04:06Z",
    ...changes,
  }
}

export function container(changes: Partial<Container> = {}): Container {
  return {
    id: "c2",
    imageId: "sha256:image",
    running: true,
    health: "healthy",
    failingStreak: 0,
    healthOutput: "",
    ...changes,
  }
}

/** The only one, which is asked. */
export function node(changes: Partial<Node> = {}): Node {
  return { id: "n1", isDown: false, isSelf: true, ...changes }
}

export function snapshot(parts: Partial<Snapshot> = {}): Snapshot {
  return { services: [service()], tasks: [task()], containers: [container()], nodes: [node()], ...parts }
}

/** The release before: deploy d1, task t1. */
export const before = snapshot({
  services: [service({ image: oldImage, labels: { [labels.env]: "staging", [labels.deployId]: "d1" } })],
  tasks: [task({ id: "t1", image: oldImage, containerId: "c1" })],
  containers: [container({ id: "c1", imageId: "sha256:old" })],
})

export const nothing: Snapshot = { services: [], tasks: [], containers: [], nodes: [node()] }
