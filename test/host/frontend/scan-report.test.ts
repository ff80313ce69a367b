import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Report } from "../../../ci/scanner/model.ts"
import { reportHtml } from "../../../ci/scanner/report/html.ts"
import { hostileReport } from "../../ci/scanner/report/hostile.ts"
import { samples } from "../../ci/scanner/report/samples.ts"
import { startBrowser } from "./browser.ts"
import { lowContrasts, overflowing } from "./in-page.ts"

let browser: Browser
let folder: string

beforeAll(async () => {
  browser = await startBrowser()
  folder = await mkdtemp(join(tmpdir(), "scan-report-"))
})
afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true })
})

interface Opened {
  readonly page: Page
  /** What the browser complains of: a style or a script that the page's policy refused. */
  readonly complaints: readonly string[]
}

async function open(report: Report, options: object = {}): Promise<Opened> {
  const file = join(folder, "index.html")
  await writeFile(file, reportHtml(report))
  const page = await browser.newPage(options)
  const complaints: string[] = []
  page.on("console", message => complaints.push(message.text()))
  page.on("dialog", dialog => complaints.push(dialog.message()))
  page.on("request", request => {
    if (request.url() !== pathToFileURL(file).href) complaints.push(request.url())
  })
  await page.goto(pathToFileURL(file).href)
  return { page, complaints }
}

function unfold() {
  for (const details of document.querySelectorAll("details")) details.open = true
}

test.each([...Object.entries(samples), ["hostile", hostileReport] as const])(
  "the scan's report, %s, can be read in light and dark, wide and narrow",
  async (_, report) => {
    const { page, complaints } = await open(report)
    await page.evaluate(unfold)
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 })
      expect(await page.evaluate(overflowing), `${width}`).toEqual([])
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await page.evaluate(lowContrasts), `${width} ${colorScheme}`).toEqual([])
      }
    }
    expect(complaints).toEqual([])
    await page.close()
  },
)

test("the browser takes the page's own style, and the page's policy refuses any other and any script", async () => {
  const { page, complaints } = await open(samples.clean)
  expect(
    await page
      .locator(".card")
      .first()
      .evaluate(card => getComputedStyle(card).borderRadius),
  ).toBe("12px")
  await page.evaluate(() => {
    const script = document.createElement("script")
    script.textContent = "document.title = 'taken'"
    const style = document.createElement("style")
    style.textContent = "* { display: none }"
    document.body.append(script, style)
  })
  expect(await page.title()).not.toBe("taken")
  expect(await page.locator("h1").isVisible()).toBe(true)
  expect(complaints).toHaveLength(2)
  await page.close()
})

test("nothing of a hostile report runs", async () => {
  const { page } = await open(hostileReport)
  await page.getByRole("heading", { level: 2 }).first().hover()
  expect(await page.title()).not.toBe("taken")
  expect(await page.locator("script, img, [onload], [onerror], [onmouseover], textarea").count()).toBe(0)
  await page.close()
})

test("its tables stay tables for a screen reader where rows are shown as cards", async () => {
  const { page } = await open(samples.findings, { viewport: { width: 320, height: 800 } })
  const table = page.getByRole("table", { name: "Scans" })
  expect(await table.getByRole("columnheader").allTextContents()).toEqual([
    "Scan",
    "State",
    "Looked at",
    "Found",
  ])
  expect(await table.getByRole("rowheader").count()).toBe(10)
  await page.close()
})

test("what is folded on the screen stands on paper", async () => {
  const { page } = await open(samples.findings)
  const last = page.getByText("busybox is in the image").first()
  expect(await last.isVisible()).toBe(false)
  await page.emulateMedia({ media: "print" })
  expect(await last.evaluate(element => element.getBoundingClientRect().height)).toBeGreaterThan(0)
  await page.close()
})
