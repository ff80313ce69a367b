import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { createBackend } from "../../../../app/frontend/src/logic/backend.ts"
import { report, version } from "../samples.ts"

const timestamp = "2026-11-24T12:00:00.000Z"

/** A backend on a real server; paths are of the page's origin, which Node does not have. */
async function backendOn(listener: RequestListener, timeoutMs = 20_000) {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const backend = createBackend({ fetch: (path, init) => fetch(`${origin}${path}`, init), timeoutMs })
  return { backend, server }
}

test("asks for plain JSON, with the token when there is one", async () => {
  const seen: unknown[] = []
  const { backend } = await backendOn((request, response) => {
    const { accept, authorization } = request.headers
    seen.push([request.url, accept, authorization])
    response.end(JSON.stringify(report()))
  })
  expect(await backend.health(null)).toEqual({ kind: "report", report: report() })
  await backend.health("secret")
  expect(seen).toEqual([
    ["/health", "application/json", undefined],
    ["/health", "application/json", "Bearer secret"],
  ])
})

test("a brief answer to a token is told from one without", async () => {
  const brief = { status: "healthy", timestamp }
  const { backend } = await backendOn((_request, response) => void response.end(JSON.stringify(brief)))
  expect(await backend.health("wrong")).toEqual({ kind: "brief", brief, sentToken: true })
  expect(await backend.health(null)).toEqual({ kind: "brief", brief, sentToken: false })
})

test("a server that is gone is unreachable, and has no version", async () => {
  const { backend, server } = await backendOn(() => {})
  await new Promise(resolve => server.close(resolve))
  const problem = { kind: "unreachable", reason: "network" }
  expect(await backend.health(null)).toEqual({ kind: "problem", problem })
  expect(await backend.version()).toBeNull()
})

test("a server that never answers, and one that stops amid its answer, end in a timeout", async () => {
  const { backend: mute } = await backendOn(() => {}, 100)
  const problem = { kind: "unreachable", reason: "timeout" }
  expect(await mute.health(null)).toEqual({ kind: "problem", problem })
  const { backend: stuck } = await backendOn((_request, response) => void response.write('{"status":'), 100)
  expect(await stuck.health(null)).toEqual({ kind: "problem", problem })
})

test("a redirect is not followed", async () => {
  const { backend } = await backendOn((request, response) => {
    if (request.url === "/health") response.writeHead(302, { location: "/login" }).end()
    else response.end(JSON.stringify(report()))
  })
  expect(await backend.health(null)).toMatchObject({ kind: "problem", problem: { kind: "foreign" } })
})

test("a version of another shape is none", async () => {
  let answer: unknown = version
  const { backend } = await backendOn((_request, response) => void response.end(JSON.stringify(answer)))
  expect(await backend.version()).toEqual(version)
  answer = { version: "1" }
  expect(await backend.version()).toBeNull()
})
