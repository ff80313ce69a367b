import { request } from "node:http"
import fc from "fast-check"
import { expect, test } from "vitest"
import { correlationHeaders } from "../../../../app/backend/logging/context.ts"
import { serveWith } from "./middleware.ts"

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

async function setup() {
  const served = await serveWith((_request, response) => {
    served.logger.info({}, "handled")
    response.end()
  })
  return served
}

async function echoed(base: string, id?: string): Promise<string> {
  const response = await fetch(`${base}/here`, id === undefined ? {} : { headers: { "x-request-id": id } })
  return response.headers.get("x-request-id") ?? ""
}

test("a harmless id is echoed and is in every line of the request", async () => {
  const { base, records } = await setup()
  expect(await echoed(base, "Order_42-a")).toBe("Order_42-a")
  await expect.poll(() => records().length).toBe(2)
  expect(records().map(record => [record.message, record.correlationId])).toEqual([
    ["handled", "Order_42-a"],
    ["request", "Order_42-a"],
  ])
})

test("without an id each request gets a new one", async () => {
  const { base } = await setup()
  const [first, second] = [await echoed(base), await echoed(base)]
  expect(first).toMatch(uuid)
  expect(second).toMatch(uuid)
  expect(first).not.toBe(second)
})

test.each(["x".repeat(65), "a b", 'a","level":"fatal', "a;b", "ä"])("the id %j is replaced", async id => {
  const { base } = await setup()
  expect(await echoed(base, id)).toMatch(uuid)
})

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736"
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`

async function outgoingFor(headers: Record<string, string>) {
  const served = await serveWith((_request, response) => void response.json(correlationHeaders()))
  const response = await fetch(`${served.base}/here`, { headers })
  return {
    echoed: response.headers.get("x-request-id"),
    outgoing: (await response.json()) as Record<string, string>,
  }
}

test("without an id the trace id of traceparent is the id", async () => {
  expect((await outgoingFor({ traceparent })).echoed).toBe(traceId)
})

test("an id wins over traceparent, and a bad id does not", async () => {
  expect((await outgoingFor({ traceparent, "x-request-id": "mine" })).echoed).toBe("mine")
  expect((await outgoingFor({ traceparent, "x-request-id": "not mine!" })).echoed).toBe(traceId)
})

test.each([
  traceparent.toUpperCase(),
  traceparent.replace("00-", "01-"),
  traceparent.replace("00-", "ff-"),
  `${traceparent}-extra`,
  traceparent.slice(0, -1),
  `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
  `00-${traceId}-${"0".repeat(16)}-01`,
  `00-${traceId.replace("4", "g")}-00f067aa0ba902b7-01`,
  `${traceparent}, ${traceparent}`,
])("the traceparent %j is not believed", async bad => {
  const { echoed, outgoing } = await outgoingFor({ traceparent: bad })
  expect(echoed).toMatch(uuid)
  expect(outgoing).toEqual({ "x-request-id": echoed })
})

test("what goes out to others has the id, and the same trace with a new parent", async () => {
  const { outgoing } = await outgoingFor({ traceparent, "x-request-id": "mine" })
  expect(outgoing).toEqual({ "x-request-id": "mine", traceparent: expect.any(String) })
  const parent = new RegExp(`^00-${traceId}-([0-9a-f]{16})-01$`).exec(outgoing.traceparent ?? "")?.[1]
  expect(parent).toBeDefined()
  expect(parent).not.toBe("00f067aa0ba902b7")
  expect(correlationHeaders()).toEqual({})
})

test("an id that came twice is replaced", async () => {
  const { base } = await setup()
  const id = await new Promise(resolve => {
    const headers = ["X-Request-ID", "a", "X-Request-ID", "b", "Host", "localhost"]
    request(`${base}/here`, { headers }, response => {
      resolve(response.headers["x-request-id"])
      response.resume()
    }).end()
  })
  expect(id).toMatch(uuid)
})

test("the id that comes back is always harmless", async () => {
  const { base } = await setup()
  const printable = fc.stringMatching(/^[\x21-\x7e]{1,80}$/)
  await fc.assert(
    fc.asyncProperty(printable, async id => {
      const result = await echoed(base, id)
      expect(result).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
      if (/^[A-Za-z0-9_-]{1,64}$/.test(id)) expect(result).toBe(id)
    }),
    { numRuns: 50 },
  )
})
