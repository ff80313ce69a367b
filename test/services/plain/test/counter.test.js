import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { createCounter } from "../counter.js"

const { server, drain } = createCounter({ digest: "sha256:1" })
let origin

before(async () => {
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve))
  origin = `http://127.0.0.1:${server.address().port}`
})

after(() => server.close())

test("counts each name by itself", async () => {
  await fetch(`${origin}/count/ada`)
  const second = await (await fetch(`${origin}/count/ada`)).json()
  assert.deepEqual(second, { name: "ada", count: 2 })
  assert.deepEqual(await (await fetch(`${origin}/`)).json(), { ada: 2 })
})

test("answers 404 to what it does not know", async () => {
  assert.equal((await fetch(`${origin}/nothing`)).status, 404)
})

test("is ready until it is told to stop", async () => {
  assert.equal((await fetch(`${origin}/health/ready`)).status, 200)
  drain()
  assert.equal((await fetch(`${origin}/health/ready`)).status, 503)
})
