import { once } from "node:events"
import { Agent, type IncomingMessage, type RequestListener, request } from "node:http"
import { connect } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { expect, onTestFinished, test } from "vitest"
import { createLifecycle } from "../../../app/backend/lifecycle.ts"
import { startServer } from "../../../app/backend/server.ts"
import { captureLogs } from "./support.ts"

const slowMs = 300

const listener: RequestListener = async (incoming, response) => {
  if (incoming.url === "/slow") await sleep(slowMs)
  if (incoming.url === "/stream") {
    response.write("half ")
    await sleep(slowMs)
  }
  if (incoming.url !== "/never") response.end("done")
}

async function start(shutdown: { drainMs: number; timeoutMs: number }) {
  const lifecycle = createLifecycle()
  const logs = captureLogs()
  const options = { listener, host: "127.0.0.1", port: 0, keepAliveTimeoutMs: 60_000, shutdown }
  const server = await startServer({ ...options, lifecycle, logger: logs.logger })
  onTestFinished(() => server.stop().then(() => {}))
  return { ...server, lifecycle, logs }
}

/** Keep-alive, as a proxy does. */
function client(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return async (path: string) => {
    const sent = request({ port, path, agent })
    sent.end()
    const [response] = (await once(sent, "response")) as [IncomingMessage]
    const body = (await response.toArray()).join("")
    return { body, connection: response.headers.connection }
  }
}

test("it is ready only once it listens", async () => {
  const { lifecycle, port } = await start({ drainMs: 0, timeoutMs: 1000 })
  expect(lifecycle.phase).toBe("ready")
  expect(await client(port)("/")).toEqual({ body: "done", connection: "keep-alive" })
})

test("a port that is taken rejects the start and leaves it not ready", async () => {
  const { port } = await start({ drainMs: 0, timeoutMs: 1000 })
  const lifecycle = createLifecycle()
  const shutdown = { drainMs: 0, timeoutMs: 1000 }
  const options = { listener, host: "127.0.0.1", port, keepAliveTimeoutMs: 1000, shutdown, lifecycle }
  await expect(startServer({ ...options, logger: captureLogs().logger })).rejects.toThrow("EADDRINUSE")
  expect(lifecycle.phase).toBe("starting")
})

test("while draining it is not ready, still serves, and asks each client to leave", async () => {
  const { lifecycle, port, stop } = await start({ drainMs: 200, timeoutMs: 2000 })
  const get = client(port)
  await get("/")
  const stopped = stop()
  expect(lifecycle.phase).toBe("draining")
  expect(await get("/")).toEqual({ body: "done", connection: "close" })
  expect(await client(port)("/")).toEqual({ body: "done", connection: "close" })
  expect(await stopped).toBe("graceful")
})

test("after the drain nothing is accepted any more", async () => {
  const { port, stop } = await start({ drainMs: 0, timeoutMs: 1000 })
  await stop()
  await expect(client(port)("/")).rejects.toMatchObject({ code: "ECONNREFUSED" })
})

test("a request in flight finishes, and its connection ends with it", async () => {
  const { port, stop } = await start({ drainMs: 0, timeoutMs: 5000 })
  const answer = client(port)("/slow")
  await sleep(50)
  const outcome = stop()
  expect(await answer).toEqual({ body: "done", connection: "close" })
  expect(await outcome).toBe("graceful")
})

test("an answer that began before the stop does not hold it up with its idle connection", async () => {
  const { port, stop } = await start({ drainMs: 0, timeoutMs: 10_000 })
  const answer = client(port)("/stream")
  await sleep(50)
  const begin = performance.now()
  expect(await stop()).toBe("graceful")
  expect(performance.now() - begin).toBeLessThan(slowMs + 1000)
  expect((await answer).body).toBe("half done")
})

test("idle connections and silent ones do not hold it up", async () => {
  const { port, stop } = await start({ drainMs: 0, timeoutMs: 10_000 })
  await client(port)("/")
  const silent = connect(port, "127.0.0.1")
  await once(silent, "connect")
  const begin = performance.now()
  expect(await stop()).toBe("graceful")
  expect(performance.now() - begin).toBeLessThan(1000)
})

test("when the time is up it cuts what is left and says so", async () => {
  const { logs, port, stop } = await start({ drainMs: 0, timeoutMs: 150 })
  const answer = client(port)("/never")
  const cut = expect(answer).rejects.toThrow()
  await sleep(50)
  expect(await stop()).toBe("forced")
  await cut
  expect(logs.records().at(-1)).toMatchObject({ level: "error", inFlight: 1 })
})

test("stopping twice stops once", async () => {
  const { logs, stop } = await start({ drainMs: 50, timeoutMs: 1000 })
  expect(await Promise.all([stop(), stop()])).toEqual(["graceful", "graceful"])
  expect(logs.records().filter(record => record.message === "draining")).toHaveLength(1)
})
