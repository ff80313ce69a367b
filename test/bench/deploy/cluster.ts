import { machine } from "../table.ts"
import { Environment, type Images, insistOnSuccess, publishTwo } from "./environment.ts"
import { Nodes } from "./nodes.ts"
import { OpenLoop } from "./open-loop.ts"
import { releaseUnderLoad, report } from "./releases.ts"

const rate = 60
const replicas = 12
const port = 8080
const verbs = ["deploy", "deploy", "deploy", "rollback", "deploy", "deploy", "rollback"] as const

/**
 * The shipped stack with twelve backends on three nodes, under load through five deploys and two rollbacks. All nodes
 * share this machine's processors, so the rate is low.
 *
 * @returns a table in Markdown, as of one node
 */
export async function benchDeployCluster(): Promise<string> {
  const project = `bench-${process.pid}`
  const nodes = await Nodes.create(project)
  try {
    await nodes.add()
    await nodes.add()
    const [first, second] = (await publishTwo()).map(images => onNodes(nodes, images)) as [Images, Images]
    const environment = await Environment.create({ project, port, dockerHost: await nodes.dockerHost() })
    try {
      const flags = ["--replicas", String(replicas)]
      insistOnSuccess(await environment.deploy(second, ...flags))
      const load = new OpenLoop(
        `http://${await nodes.addressOfTask(`${environment.stack}_edge`)}:${port}`,
        rate,
      )
      const releases = await releaseUnderLoad(environment, load, [first, second], verbs, flags)
      const about = `${rate} requests a second and one of 5 s, ${replicas} backends on three nodes; ${machine()}`
      return [about, "", ...report(load, releases)].join("\n")
    } finally {
      await environment.remove()
    }
  } finally {
    await nodes.remove()
  }
}

function onNodes(nodes: Nodes, images: Images): Images {
  return Object.fromEntries(
    Object.entries(images).map(([name, reference]) => [name, nodes.reference(reference)]),
  )
}
