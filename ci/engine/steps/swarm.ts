import { KitError } from "../lib/errors.ts"
import type { Note } from "../lib/progress.ts"
import { run } from "../lib/run.ts"
import { kitLabel } from "../versions.ts"

/** Leaves this machine's Docker a swarm manager: deployments run in Swarm, with one node to begin with. */
export async function ensureSwarm(note: Note): Promise<void> {
  const { state, manager } = await swarmState()
  if (state === "active" && !manager) {
    throw new KitError(
      "KIT_SWARM_WORKER",
      "this machine is a worker of a swarm, and only a manager can deploy",
      {
        why: "docker info says: swarm active, no control",
        fix: "run Lockstep on a manager, or take this machine out of the swarm (docker swarm leave)",
      },
    )
  }
  if (state !== "active") {
    await run("docker", ["swarm", "init", "--advertise-addr", "127.0.0.1"])
    const node = await run("docker", ["info", "--format", "{{.Swarm.NodeID}}"])
    await run("docker", ["node", "update", "--label-add", `${kitLabel}=made`, node])
  }
  note(state === "active" ? "a manager already" : "initialised, one node")
}

/** Leaves the swarm if the kit made it and nothing runs in it. */
export async function leaveSwarm(): Promise<string> {
  const { state, manager } = await swarmState()
  if (state !== "active" || !manager) return "no swarm"
  const made = await run("docker", [
    "node",
    "inspect",
    "self",
    "--format",
    `{{index .Spec.Labels "${kitLabel}"}}`,
  ])
  if (made !== "made") return "kept: the kit did not make it"
  const services = await run("docker", ["service", "ls", "--format", "{{.Name}}"])
  if (services) return `kept: it runs ${services.split("\n").join(", ")}`
  await run("docker", ["swarm", "leave", "--force"])
  return "left"
}

export async function swarmState(): Promise<{ state: string; manager: boolean }> {
  const [state = "", control] = (
    await run("docker", ["info", "--format", "{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}"])
  ).split(" ")
  return { state, manager: control === "true" }
}
