import { expect, test } from "vitest"
import { release } from "./stage.ts"
import { useStage } from "./use-stage.ts"

const stage = useStage()

test("shows what runs, how its dependencies are and how long routes take", async () => {
  await stage().startBackend()
  const visit = await stage().visit()
  const { page } = visit
  await visit.state("Healthy")
  await expect.poll(() => page.title()).toBe("Healthy · staging · lockstep-backend")
  for (const text of ["staging", "1.4.0", "Ready", "8709760ab3c1…", "sha256:7509bfc0d1c2…"])
    await visit.shows(text)

  await page.getByText("sha256:7509bfc0d1c2…").click()
  await page.getByText(release.APP_DIGEST, { exact: true }).waitFor({ state: "visible" })
  await visit.dependency("llm-api").getByText("Healthy").waitFor()
  await visit.dependency("pinecone").getByText("Not configured").waitFor()
  const line = visit.dependency("llm-api").locator(".spark-line")
  await expect.poll(() => line.getAttribute("d"), { timeout: 30_000 }).toMatch(/^M[\d.]+ [\d.]+L/)
  await page
    .getByRole("row", { name: /GET \/health/ })
    .first()
    .waitFor()
  await expect.poll(() => page.locator('link[rel="icon"]').getAttribute("href")).toBe("/favicon-healthy.svg")
  await visit.picture("healthy-light")
  expect(visit.problems()).toEqual([])
})

test("names a dependency that fails, and sees it recover, without a reload", async () => {
  stage().llm.mode = "refuses"
  await stage().startBackend()
  const visit = await stage().visit({ colorScheme: "dark" })
  await visit.state("Degraded")
  await visit.shows("llm-api does not accept the key.")
  await visit.picture("degraded-dark")

  stage().llm.mode = "hangs"
  await visit.shows("llm-api did not answer in time.")
  stage().llm.mode = "works"
  await visit.state("Healthy")
  expect(visit.problems()).toEqual([])
})

test("is unhealthy without a critical dependency", async () => {
  stage().llm.mode = "refuses"
  await stage().startBackend({ HEALTH_CRITICAL_CHECKS: "llm-api" })
  const visit = await stage().visit()
  await visit.state("Unhealthy")
  await visit.dependency("llm-api").getByText("critical").waitFor()
  await expect.poll(() => visit.page.title()).toMatch(/^Unhealthy/)
  await visit.picture("unhealthy-light")
  expect(visit.problems()).toEqual([])
})

test("copies the digest, or selects it where there is no clipboard", async () => {
  await stage().startBackend()
  const visit = await stage().visit({ permissions: ["clipboard-read", "clipboard-write"] })
  await visit.page.getByRole("button", { name: "Copy digest" }).click()
  await visit.page.getByRole("button", { name: "Copied digest" }).waitFor()
  expect(await visit.page.evaluate(() => navigator.clipboard.readText())).toBe(release.APP_DIGEST)

  // As on plain HTTP.
  await visit.page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }))
  await visit.page.getByRole("button", { name: "Copy commit" }).click()
  await visit.page.getByRole("button", { name: "Selected commit: press Ctrl+C" }).waitFor()
  expect(await visit.page.evaluate(() => String(getSelection()))).toBe(release.APP_COMMIT)
})

test("lives under a strict content security policy", async () => {
  await stage().startBackend()
  const visit = await stage().visit()
  await visit.state("Healthy")
  const policy = (await fetch(stage().origin)).headers.get("content-security-policy")
  expect(policy).toContain("default-src 'self'")
  expect(policy).not.toContain("unsafe")
  // From a timer, since what the test itself evaluates is let through.
  const outcome = await visit.page.evaluate(
    () =>
      new Promise<string>(resolve => {
        setTimeout(() => {
          try {
            resolve(new Function("return 'ran'")() as string)
          } catch {
            resolve("refused")
          }
        })
      }),
  )
  expect(outcome).toBe("refused")
})
