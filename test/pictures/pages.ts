import { startBrowser } from "../host/frontend/browser.ts"

/** So long that a page which refreshes itself has something to show. */
const settleMs = 15_000

/** The whole page, as wide as a small laptop's browser. */
export async function photograph(address: string, file: string): Promise<void> {
  const browser = await startBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
    await page.goto(address)
    await page.waitForTimeout(settleMs)
    await page.screenshot({ path: file, fullPage: true })
  } finally {
    await browser.close()
  }
}
