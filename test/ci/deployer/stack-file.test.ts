import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { environments } from "../../../ci/deployer/environments.ts"
import { monitorSeconds } from "../../../ci/deployer/monitor.ts"
import { missingParts, readStackFile, stackVariables, withVersion } from "../../../ci/deployer/stack-file.ts"
import { wrongImages } from "../../../ci/deployer/verification.ts"
import { container, digest, image, oldImage, service, snapshot, task } from "./fixtures.ts"

const images = ["backend", "frontend", "edge"].map(name => ({ name, reference: image, digest }))

const path = new URL("../../../docker/docker-compose.prod.yml", import.meta.url)
const text = readFileSync(path, "utf8")
const variables = stackVariables({
  ...{ images, digest, environment: environments.prod, port: 80, replicas: 1, monitorSeconds: 20 },
  https: { domain: "shop.example.com", port: 443, acmeCa: "https://ca.example.com/directory" },
})

describe("the project's stack file", () => {
  it("carries the labels that the deployer needs", async () => {
    await expect(readStackFile(path.pathname, images)).resolves.toContain("services:")
  })

  it("requires no variable that the deployer does not give", () => {
    const required = [...text.matchAll(/\$\{(\w+):\?/g)].map(match => match[1])
    expect(required.length).toBeGreaterThan(5)
    const material = ["HEALTH_TOKEN", "PINECONE_API_KEY", "LLM_API_KEY", "SETTINGS"].map(
      name => `${name}_VERSION`,
    )
    const given = [
      ...Object.keys(variables),
      ...material,
      "SECRETS_DIR",
      "CONFIGS_DIR",
      "DEPLOY_ID",
      "DEPLOY_TIME",
    ]
    expect(required.filter(name => name && !given.includes(name))).toEqual([])
  })

  it("uses every variable that the deployer gives", () => {
    expect(Object.keys(variables).filter(name => !text.includes(`\${${name}`))).toEqual([])
  })
})

describe("a stack file of one's own", () => {
  it("is refused without the labels and the image variable", () => {
    expect(missingParts("services: {}", images.slice(0, 1))).toEqual([
      "io.lockstep.env",
      "io.lockstep.deploy-id",
      "io.lockstep.deployed-at",
      "$" + "{DEPLOY_MONITOR",
      "$" + "{BACKEND_IMAGE}",
    ])
  })

  it("is refused when it cannot be read", async () => {
    await expect(readStackFile("/nowhere/stack.yml", images)).rejects.toMatchObject({
      code: "DEPLOY_STACK_FILE",
    })
  })
})

describe("the version of a stack file", () => {
  it("is put in for old command lines, and left as it is when there is one", () => {
    expect(withVersion("services: {}")).toBe('version: "3.9"\nservices: {}')
    expect(withVersion('version: "3.8"\nservices: {}')).toBe('version: "3.8"\nservices: {}')
  })
})

describe("the monitor window", () => {
  it("is longer than Docker takes to find a sick container", () => {
    const health = { startPeriodSeconds: 5, intervalSeconds: 2, timeoutSeconds: 1, retries: 3 }
    expect(monitorSeconds(health)).toBeGreaterThan(5 + 3 * (2 + 1))
  })
})

describe("comparing what runs with what was deployed", () => {
  const health = { startPeriodSeconds: 5, intervalSeconds: 2, timeoutSeconds: 1, retries: 3 }
  const fetched = { name: "backend", reference: image, digest, id: "sha256:image", health }

  it("is content with the same image", () => {
    expect(wrongImages(snapshot(), [fetched])).toEqual([])
  })

  it("finds a container made of another image", () => {
    const now = snapshot({ containers: [container({ imageId: "sha256:other" })] })
    expect(wrongImages(now, [fetched])).toHaveLength(1)
  })

  it("names each image that no service runs", () => {
    const missing = { ...fetched, name: "edge", reference: oldImage }
    expect(wrongImages(snapshot(), [fetched, missing])).toEqual([`no service runs ${oldImage}`])
  })

  it("finds a task of another digest, and a stack that does not use the image at all", () => {
    expect(wrongImages(snapshot({ tasks: [task({ image: oldImage })] }), [fetched])).toHaveLength(1)
    expect(wrongImages(snapshot({ services: [service({ image: oldImage })] }), [fetched])).toHaveLength(1)
  })
})
