import { expect, test } from "vitest"
import { useStage } from "./use-stage.ts"

const token = "token-of-the-test-0123456789"
const stage = useStage()

test("asks for a token when the backend has one, and keeps it for this tab alone", async () => {
  await stage().startBackend({ HEALTH_TOKEN: token })
  const visit = await stage().visit()
  const { page, context } = visit
  await visit.state("Details need a token")
  await visit.shows("1.4.0")
  expect(await page.getByRole("table").count()).toBe(0)
  await visit.picture("token-light")

  await visit.enterToken("not the token")
  await visit.shows("A token has no spaces and no letters outside of ASCII.")
  await visit.enterToken("another-token-0123456789")
  await visit.shows("The backend did not accept this token.")
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)

  await visit.enterToken(token)
  await visit.dependency("llm-api").waitFor()
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("state")
  await page.reload()
  await visit.dependency("llm-api").waitFor()
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(token)

  const other = await context.newPage()
  await other.goto(page.url())
  await other.getByRole("heading", { name: "Details need a token" }).waitFor()
  await page.getByRole("button", { name: "Forget the token" }).click()
  await visit.state("Details need a token")
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("state")
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  expect(visit.problems()).toEqual([])
})
