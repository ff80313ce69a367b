import { startBrowser } from "../host/frontend/browser.ts"

/** So long that a page which refreshes itself has something to show. */
const settleMs = 15_000

/** As wide as a small laptop's browser: the whole page, or its first lines if it is a long one. */
export async function photograph(address: string, file: string, height?: number): Promise<void> {
  const browser = await startBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: height ?? 900 } })
    await page.goto(address)
    await page.waitForTimeout(settleMs)
    await page.screenshot({ path: file, fullPage: height === undefined })
  } finally {
    await browser.close()
  }
}
