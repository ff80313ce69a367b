import { expect, test } from "vitest"
import { focused, lowContrasts, namelessPictures, overflowing } from "./in-page.ts"
import { useStage } from "./use-stage.ts"
import type { Visit } from "./visit.ts"

const token = "token-of-the-test-0123456789"
const narrow = { viewport: { width: 320, height: 700 } }

const stage = useStage()

test("has landmarks, headings and tables that a screen reader can walk", async () => {
  stage().llm.mode = "refuses"
  await stage().startBackend()
  // As cards, which is where a table might lose its roles.
  const visit = await stage().visit(narrow)
  const { page } = visit
  await visit.state("Degraded")
  for (const role of ["banner", "main", "contentinfo", "status"] as const) {
    expect(await page.getByRole(role).count(), role).toBe(1)
  }
  expect(await page.getByRole("heading", { level: 1 }).allTextContents()).toEqual(["lockstep-backend status"])
  const headings = await page.getByRole("heading", { level: 2 }).allTextContents()
  expect(headings).toEqual(["Degraded", "Release", "Dependencies", "Slowest routes"])

  const table = page.getByRole("table", { name: "Dependencies" })
  const columns = await table.getByRole("columnheader").allTextContents()
  expect(columns).toEqual(["Name", "State", "Last check", "Recent checks", "p50", "p95", "p99"])
  const row = visit.dependency("llm-api")
  expect(await row.getByRole("rowheader").count()).toBe(1)
  expect(await row.getByRole("cell").count()).toBe(6)
  expect(await row.getByRole("cell").first().innerText()).toMatch(/Degraded\s+does not accept the key/)
  await row.getByRole("img", { name: /^Last \d+ checks: .+ to .+, newest / }).waitFor()
  // Some browsers forget what a table is when its rows are laid out otherwise, unless a role says it.
  expect(await page.locator(":is(table, thead, tbody, tr, th, td):not([role])").count()).toBe(0)
  expect(await page.evaluate(namelessPictures)).toEqual([])
  expect(await page.getByRole("button", { name: /^$/ }).count()).toBe(0)
})

test("can be used by keyboard alone, with the focus in sight", async () => {
  await stage().startBackend()
  const visit = await stage().visit()
  const { page } = visit
  await visit.state("Healthy")
  await page.getByRole("button", { name: "Copy digest" }).waitFor()
  const walked: string[] = []
  for (let step = 0; step < 7; step++) {
    await page.keyboard.press("Tab")
    walked.push(await page.evaluate(focused))
  }
  expect(walked).toEqual([
    "button Theme: system",
    "button Refresh",
    "button Pause",
    "summary 8709760ab3c1…, show the whole commit",
    "button Copy commit",
    "summary sha256:7509bfc0d1c2…, show the whole digest",
    "button Copy digest",
  ])
  await page.keyboard.press("Shift+Tab")
  await page.keyboard.press("Enter")
  await page.locator("#digest .full").waitFor({ state: "visible" })
  // A refresh must neither move the focus nor close what is open.
  await page.waitForTimeout(2500)
  expect(await page.evaluate(focused)).toContain("show the whole digest")
  expect(await page.locator("#digest .full").isVisible()).toBe(true)
})

/** Brings the page into each of its states, one after the other. */
async function throughStates(look: (visit: Visit, state: string) => Promise<void>, options: object) {
  await stage().startBackend({ HEALTH_TOKEN: token })
  const visit = await stage().visit(options)
  await visit.state("Details need a token")
  await visit.enterToken("wrong-token-0123456789")
  await visit.shows("The backend did not accept this token.")
  await look(visit, "token")
  await visit.enterToken(token)
  await visit.dependency("llm-api").getByText("Healthy").waitFor()
  await look(visit, "healthy")
  stage().llm.mode = "refuses"
  await visit.state("Degraded")
  await look(visit, "degraded")
  await stage().stopBackend()
  await visit.state("Unreachable")
  await look(visit, "unreachable")
  await stage().startBackend({ HEALTH_TOKEN: token, HEALTH_CRITICAL_CHECKS: "llm-api" })
  await visit.state("Unhealthy")
  await look(visit, "unhealthy")
}

test.each(["light", "dark"] as const)("every text has enough contrast in the %s theme", async colorScheme => {
  await throughStates(
    async (visit, state) => {
      expect(await visit.page.evaluate(lowContrasts), state).toEqual([])
    },
    // Without motion: a colour on its way to another is neither.
    { colorScheme, reducedMotion: "reduce" },
  )
})

test("fits a window of 320 pixels in every state", async () => {
  await throughStates(async (visit, state) => {
    expect(await visit.page.evaluate(overflowing), state).toEqual([])
    expect(await visit.page.evaluate(() => document.documentElement.scrollWidth), state).toBe(320)
    await visit.picture(`narrow-${state}`)
  }, narrow)
})

test("follows the system's theme until the reader chooses one, and remembers the choice", async () => {
  await stage().startBackend()
  const visit = await stage().visit({ colorScheme: "dark" })
  const { page } = visit
  await visit.state("Healthy")
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const dark = await ground()
  await page.emulateMedia({ colorScheme: "light" })
  const light = await ground()
  expect(light).not.toBe(dark)

  const button = page.getByRole("button", { name: /^Theme/ })
  await button.click()
  await button.click()
  expect([await button.textContent(), await ground()]).toEqual(["Theme: dark", dark])
  await page.reload()
  await visit.state("Healthy")
  expect([await button.textContent(), await ground()]).toEqual(["Theme: dark", dark])
  await button.click()
  expect([await button.textContent(), await ground()]).toEqual(["Theme: system", light])
})

test("moves nothing for those who want no motion", async () => {
  await stage().startBackend()
  const visit = await stage().visit({ reducedMotion: "reduce" })
  await visit.state("Healthy")
  const moving = await visit.page.evaluate(
    () =>
      [...document.querySelectorAll("*")].filter(element => {
        const { animationName, transitionDuration } = getComputedStyle(element)
        return animationName !== "none" || transitionDuration !== "0s"
      }).length,
  )
  expect(moving).toBe(0)
})
