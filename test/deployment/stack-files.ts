import { readFile } from "node:fs/promises"
import { parse, stringify } from "yaml"
import { labels } from "../../ci/deployer/environments.ts"

/** The shipped stack file for the images of real-docker.ts. Without reservations: many such stacks share two processors. */
async function shipped() {
  const file = parse(await readFile("docker/docker-compose.prod.yml", "utf8"), { merge: true })
  const { edge, backend } = file.services
  for (const { deploy } of [edge, backend]) delete deploy.resources.reservations
  return { file, edge, backend }
}

/** Without the edge: the backend has the port of the host, and the deployer what is hardest for it. */
export async function stackOfOne(): Promise<string> {
  const { file, edge, backend } = await shipped()
  const { update_config, rollback_config } = edge.deploy
  backend.ports = [{ ...edge.ports[0], target: 3000 }]
  backend.deploy = { ...backend.deploy, update_config, rollback_config }
  return yaml({ ...file, services: { backend } })
}

/** Edge and backend, as in production: the edge stays while the backend is replaced. */
export async function stackOfTwo(): Promise<string> {
  return yaml(await edgeAndBackend())
}

/** By this label the machines are known that may run the edge. */
export const edgeLabel = "edge=true"

/** The same with machines for the edge, as where one balancer stands before them. */
export async function stackOfCluster(): Promise<string> {
  const file = await edgeAndBackend()
  file.services.edge.deploy.placement = { constraints: [`node.labels.${edgeLabel.replace("=", "==")}`] }
  return yaml(file)
}

async function edgeAndBackend() {
  const { file, edge, backend } = await shipped()
  const { internal: _, ...networks } = file.networks
  edge.networks = ["edge"]
  edge.deploy.labels[labels.probe] = "/bin/node /check.js http://127.0.0.1:8080/"
  return { ...file, networks, services: { edge, backend } }
}

function yaml(file: object): string {
  return stringify(file, { aliasDuplicateObjects: false })
}
