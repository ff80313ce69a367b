import { afterAll, beforeAll, expect, it } from "vitest"
import { registryPort } from "../../ci/engine/versions.ts"
import { Environment, type Images, insistOnSuccess, publish } from "../bench/deploy/environment.ts"
import { derived } from "../bench/deploy/light-image.ts"
import { OpenLoop } from "../bench/deploy/open-loop.ts"
import { releaseUnderLoad } from "../bench/deploy/releases.ts"
import { freePort, removeImages } from "../deployment/real-docker.ts"
import { Clone } from "../e2e/clone.ts"

const label = `lockstep.test=load-${process.pid}`
/** Short, as each release is watched for as long as the check may need to find a sick container. */
const timing = { interval: 1, timeout: 3, retries: 2, startPeriod: 1 }

let environment: Environment
let port: number

beforeAll(async () => {
  port = await freePort()
  environment = await Environment.create({ project: `load-${process.pid}`, port })
})

afterAll(async () => {
  await environment.remove()
  await removeImages(`${label}-first`)
  await removeImages(`${label}-second`)
})

it("loses no request of an open-loop load while a release and a rollback replace backend and frontend", async () => {
  const images = await twoReleases()
  insistOnSuccess(await environment.deploy(images[1]))
  const load = new OpenLoop(`http://127.0.0.1:${port}`, 100)
  const releases = await releaseUnderLoad(environment, load, images, ["deploy", "rollback"], [], 1)
  expect(load.failures).toEqual([])
  for (const { sent } of releases) expect(sent.requests).toBeGreaterThan(1000)
})

/** The shipped images, of which backend and frontend differ between the two. */
async function twoReleases(): Promise<[Images, Images]> {
  const clone = await Clone.create()
  try {
    const { edge = "", ...replaced } = await publish(clone)
    const make = async (name: string) => {
      const entries = Object.entries({ ...replaced }).map(async ([image, reference]) => {
        const repository = `localhost:${registryPort}/lockstep-test/load-${image}`
        return [image, await derived(reference, { repository, label: `${label}-${name}`, timing })]
      })
      return Object.fromEntries(await Promise.all(entries)) as Images
    }
    const repository = `localhost:${registryPort}/lockstep-test/load-edge`
    const quickEdge = await derived(edge, { repository, label: `${label}-first`, timing })
    const [first, second] = [await make("first"), await make("second")]
    return [
      { ...first, edge: quickEdge },
      { ...second, edge: quickEdge },
    ]
  } finally {
    await clone.remove()
  }
}
