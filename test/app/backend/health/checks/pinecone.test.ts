import { expect, test } from "vitest"
import { checkPinecone } from "../../../../../app/backend/health/checks/pinecone.ts"
import { pineconeKey, startFakePinecone } from "../fake-pinecone.ts"
import { bodySecret } from "../faults.ts"
import { failureOf, hangMs, patienceMs, unaborted } from "./failure-of.ts"
import { commonAddresses, commonTrouble } from "./trouble.ts"

const checkAt = (indexHost: string, apiKey = pineconeKey) => checkPinecone({ apiKey, indexHost })

test("an index that answers is well, and is asked for its statistics with the key", async () => {
  const { indexHost, seen } = await startFakePinecone()
  await checkAt(indexHost).run(unaborted)
  expect(seen).toMatchObject([{ body: "{}", headers: { "api-key": pineconeKey } }])
})

test("the request carries the given headers, read anew each time", async () => {
  const { indexHost, seen } = await startFakePinecone()
  let id = 0
  const headers = () => ({ "x-request-id": `run-${++id}`, "Api-Key": "not mine" })
  const check = checkPinecone({ apiKey: pineconeKey, indexHost }, { headers })
  await check.run(unaborted)
  await check.run(unaborted)
  expect(seen.map(request => request.headers["x-request-id"])).toEqual(["run-1", "run-2"])
})

test("without settings it is disabled", () => {
  expect(checkPinecone(null)).toMatchObject({ name: "pinecone", enabled: false })
})

test("another key is unauthorized", async () => {
  const { indexHost } = await startFakePinecone()
  expect(await failureOf(checkAt(indexHost, "wrong"))).toMatchObject({ errorClass: "unauthorized" })
})

test("an index that is not there is index_not_found", async () => {
  const { indexHost } = await startFakePinecone({ kind: "status", status: 404 })
  expect(await failureOf(checkAt(indexHost))).toMatchObject({ errorClass: "index_not_found" })
})

test.each(commonTrouble)("%j is %s", { timeout: 60_000 }, async (fault, errorClass, reason) => {
  const { indexHost, seen } = await startFakePinecone(fault)
  const failure = await failureOf(checkAt(indexHost), errorClass === "timeout" ? hangMs : patienceMs)
  expect(failure).toMatchObject({ errorClass, reason: expect.stringMatching(reason) })
  // The SDK would ask again.
  expect(seen).toHaveLength(1)
  for (const secret of [pineconeKey, bodySecret, "127.0.0.1", new URL(indexHost).port]) {
    expect(failure.everything).not.toContain(secret)
  }
})

test.each(commonAddresses)(
  "%s is a failure of its own",
  { timeout: 60_000 },
  async (_, start, errorClass, reason) => {
    expect(await failureOf(checkAt(await start()))).toMatchObject({ errorClass, reason })
  },
)

test("a redirect is not followed, so the key goes nowhere else", async () => {
  const elsewhere = await startFakePinecone()
  const headers = { location: `${elsewhere.indexHost}/describe_index_stats` }
  const { indexHost } = await startFakePinecone({ kind: "status", status: 307, headers })
  expect(await failureOf(checkAt(indexHost))).toMatchObject({
    errorClass: "bad_response",
    reason: "HTTP 307",
  })
  expect(elsewhere.seen).toEqual([])
})

test("a key that is no header value is an internal error without the key", async () => {
  const { indexHost } = await startFakePinecone()
  const failure = await failureOf(checkAt(indexHost, `${pineconeKey}\nx`))
  expect(failure).toMatchObject({ errorClass: "internal_error" })
  expect(failure.everything).not.toContain(pineconeKey)
})
