import assert from "node:assert/strict"
import { test } from "node:test"
import { createApp } from "../src/app.ts"

const app = () => createApp({ digest: "sha256:1", token: "letmein", currency: "EUR" })
const authorization = "Bearer letmein"

test("takes an order and gives it back", async () => {
  const orders = app()
  const order = { article: "chair", count: 2 }
  const made = await orders.inject({
    method: "POST",
    url: "/orders",
    headers: { authorization },
    body: order,
  })
  assert.equal(made.statusCode, 201)
  const listed = await orders.inject({ url: "/orders", headers: { authorization } })
  assert.deepEqual(listed.json(), [order])
})

test("refuses an order of nothing, and a caller without the token", async () => {
  const body = { article: "chair", count: 0 }
  const refused = await app().inject({ method: "POST", url: "/orders", headers: { authorization }, body })
  assert.equal(refused.statusCode, 400)
  assert.equal((await app().inject({ url: "/orders" })).statusCode, 401)
})

test("names its digest and its currency", async () => {
  assert.deepEqual((await app().inject({ url: "/api/version" })).json(), { digest: "sha256:1" })
  assert.equal((await app().inject({ url: "/" })).json().currency, "EUR")
})

test("is ready", async () => {
  assert.equal((await app().inject({ url: "/health/ready" })).statusCode, 200)
})
