import { createServer as createHttp, type RequestListener } from "node:http"
import { createServer as createHttps } from "node:https"
import type { AddressInfo } from "node:net"
import { afterEach, expect, it, vi } from "vitest"
import { Registry } from "../../../ci/evidence/registry.ts"
import { selfSigned } from "../../app/backend/health/self-signed.ts"

// What the registries of the other tests do not do: several pages, https, and what no honest one does.
const digest = `sha256:${"a".repeat(64)}`
const entry = (name: string) => ({ mediaType: "m", digest: `sha256:${name}`, size: 1 })
const servers: { close(): void }[] = []

afterEach(() => {
  vi.unstubAllEnvs()
  for (const server of servers.splice(0)) server.close()
})

async function serve(listener: RequestListener, secure = false): Promise<string> {
  const server = secure ? createHttps(selfSigned(), listener) : createHttp(listener)
  servers.push(server)
  await new Promise<void>(resolve => {
    server.listen(0, "127.0.0.1", resolve)
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const pages: RequestListener = ({ url = "" }, response) => {
  response.setHeader("content-type", "application/vnd.oci.image.index.v1+json")
  if (url === "/v2/") return response.end()
  const isFirst = !url.includes("?")
  if (isFirst) response.setHeader("link", `</v2/r/referrers/${digest}?page=2>; rel="next"`)
  response.end(JSON.stringify({ schemaVersion: 2, manifests: [entry(isFirst ? "one" : "two")] }))
}

it("reads every page of the list that a registry keeps", async () => {
  const registry = await Registry.at(await serve(pages))
  expect(await registry.referrers("r", digest)).toEqual([entry("one"), entry("two")])
})

it("speaks https where the registry does, as skopeo does without a certificate to check", async () => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0")
  const registry = await Registry.at(await serve(pages, true))
  expect(await registry.referrers("r", digest)).toHaveLength(2)
})

it("adds nothing below a tag where the registry keeps the list by itself", async () => {
  const asked: string[] = []
  const registry = await Registry.at(
    await serve((request, response) => {
      asked.push(request.method ?? "")
      pages(request, response)
    }),
  )
  await registry.refer("r", digest, [entry("three")])
  expect(new Set(asked)).toEqual(new Set(["GET"]))
})

it("takes no page of a website for a list", async () => {
  const website: RequestListener = ({ url = "" }, response) => {
    response.setHeader("content-type", "text/html")
    response.statusCode = url.includes("/manifests/") ? 404 : 200
    response.end("<html>")
  }
  const registry = await Registry.at(await serve(website))
  expect(await registry.referrers("r", digest)).toEqual([])
})

it("reads again what the registry could not read while somebody wrote it, and not for ever", async () => {
  let failures = 2
  const busy: RequestListener = (request, response) => {
    if (request.url?.includes("/manifests/") && failures-- > 0) response.statusCode = 500
    response.end("{}")
  }
  const registry = await Registry.at(await serve(busy))
  expect((await registry.manifest("r", "tag"))?.content.toString()).toBe("{}")
  failures = Number.POSITIVE_INFINITY
  await expect(registry.manifest("r", "tag")).rejects.toThrow("was answered with 500")
})

it("takes no other content for the one of a digest", async () => {
  const liar: RequestListener = (_, response) => response.end("{}")
  const registry = await Registry.at(await serve(liar))
  await expect(registry.manifest("r", digest)).rejects.toThrow("has another digest")
  await expect(registry.blob("r", { mediaType: "m", digest, size: 2 })).rejects.toThrow("has another digest")
})

it("reads nothing that is too large", async () => {
  const large: RequestListener = ({ url }, response) => {
    if (url !== "/v2/") response.setHeader("content-length", String(65 * 2 ** 20))
    response.end()
  }
  const registry = await Registry.at(await serve(large))
  await expect(registry.blob("r", { mediaType: "m", digest, size: 2 })).rejects.toThrow("too much")
  await expect(registry.blob("r", { mediaType: "m", digest, size: 2 ** 30 })).rejects.toThrow("too much")
})

it("says what the registry answered", async () => {
  const closed: RequestListener = (_, response) => {
    response.statusCode = 401
    response.end("log in first")
  }
  const host = await serve(closed)
  await expect(Registry.at(host)).rejects.toThrow(`GET http://${host}/v2/ was answered with 401 log in first`)
})
