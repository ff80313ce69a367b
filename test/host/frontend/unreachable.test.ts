import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { useStage } from "./use-stage.ts"

const stage = useStage()

test("keeps the last values, marked as old, while the backend is gone, and finds it again by itself", async () => {
  await stage().startBackend()
  const visit = await stage().visit()
  await visit.state("Healthy")
  await visit.dependency("llm-api").getByText("Healthy").waitFor()
  await stage().stopBackend()

  await visit.state("Unreachable")
  await visit.shows(/^Since \d\d:\d\d:\d\d \(.+\)\. (Next try in \d+ s|Trying now)\.$/)
  await visit.shows(/^Last known values, from \d\d:\d\d:\d\d \(.+ ago\)$/)
  await visit.shows("sha256:7509bfc0d1c2…")
  await visit.dependency("llm-api").getByText("Healthy").waitFor()
  await visit.picture("unreachable-light")

  await stage().startBackend()
  await visit.state("Healthy")
  expect(await visit.page.locator("#old-values").isHidden()).toBe(true)
  const said = (await visit.announcements()).map(text => text.split(".")[0])
  const turns = said.filter(state => state === "Healthy" || state === "Unreachable")
  expect(turns.filter((state, index) => state !== turns[index - 1])).toEqual([
    "Healthy",
    "Unreachable",
    "Healthy",
  ])
  expect(visit.problems()).toEqual([])
})

test("says so when the reader has no network, and goes on as soon as it is back", async () => {
  await stage().startBackend()
  const visit = await stage().visit()
  await visit.state("Healthy")
  await visit.context.setOffline(true)
  await visit.state("Unreachable")
  await visit.shows("The connection failed.")
  await visit.context.setOffline(false)
  await visit.state("Healthy")
  expect(visit.problems()).toEqual([])
})

test("a paused page asks nothing until it is resumed, and asks at once when told to", async () => {
  await stage().startBackend()
  const visit = await stage().visit()
  await visit.state("Healthy")
  await visit.page.getByRole("button", { name: "Pause" }).click()
  await stage().stopBackend()
  await visit.shows(/^Updated ([3-9]|[1-5]\d) s ago\. Paused$/)
  await visit.page.getByRole("button", { name: "Refresh" }).click()
  await visit.state("Unreachable")
  await visit.shows(/Paused: no further try\.$/)
  await stage().startBackend()
  await visit.page.getByRole("button", { name: "Resume" }).click()
  await visit.state("Healthy")
})

test("asks seldom while nobody looks, and at once when somebody does", async () => {
  await stage().startBackend()
  const visit = await stage().visit()
  await visit.state("Healthy")
  // A browser without a screen shows every page, so the page is told otherwise.
  const hide = (hidden: boolean) =>
    visit.page.evaluate(value => {
      Object.defineProperty(document, "hidden", { value, configurable: true })
      document.dispatchEvent(new Event("visibilitychange"))
    }, hidden)
  await hide(true)
  await visit.shows(/^Updated ([4-9]|[12]\d) s ago$/)
  await hide(false)
  // Well before the half minute of a hidden page is over.
  await visit.page.getByText(/^Updated (just now|[12] s ago)$/).waitFor({ timeout: 12_000 })
})

/** Something else in the place of the backend. */
async function serveOther(listener: RequestListener, port = stage().backendPort): Promise<string> {
  const other = createServer(listener)
  await new Promise<void>(resolve => other.listen(port, "127.0.0.1", resolve))
  onTestFinished(async () => {
    other.closeAllConnections()
    await new Promise(resolve => other.close(resolve))
  })
  return `http://127.0.0.1:${(other.address() as AddressInfo).port}`
}

test.each([
  ["a web page", "text/html", "<h1>Log in</h1>"],
  ["JSON of another kind", "application/json", '{"status":"UP"}'],
  ["plain text", "text/plain", "OK"],
])("tells %s from a backend that is gone", async (what, contentType, body) => {
  await serveOther((_request, response) => {
    response.writeHead(200, { "content-type": contentType }).end(body)
  })
  const visit = await stage().visit()
  await visit.state("Unexpected answer")
  await visit.shows(
    `Something other than the backend answers: ${what}, status 200. A proxy may be in between.`,
  )
  expect(visit.problems()).toEqual([])
})

test("tells a redirect from a backend that is gone, and follows none", async () => {
  let followed = 0
  const login = await serveOther((_request, response) => {
    followed += 1
    response.end()
  }, 0)
  await serveOther((_request, response) => void response.writeHead(302, { location: login }).end())
  const visit = await stage().visit()
  await visit.state("Unexpected answer")
  await visit.shows("The answer leads to another page, perhaps a login.")
  expect(followed).toBe(0)
})
