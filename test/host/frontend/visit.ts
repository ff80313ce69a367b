import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core"

/** Where a person finds the pictures of a test run. */
const pictures = "test-artifacts/status-page"

/** The browser says so of each answer of 400 and above, and of each broken connection. Both are tested for here. */
const failedRequest = /^Failed to load resource/

/** One reader with the page open, and everything that went wrong for them. */
export class Visit {
  readonly page: Page
  readonly context: BrowserContext
  readonly #problems: string[] = []
  readonly #origin: string

  private constructor(context: BrowserContext, page: Page, origin: string) {
    this.context = context
    this.page = page
    this.#origin = origin
  }

  static async open(browser: Browser, origin: string, options: BrowserContextOptions): Promise<Visit> {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options })
    context.setDefaultTimeout(60_000)
    const visit = new Visit(context, await context.newPage(), origin)
    visit.#watch()
    await visit.page.addInitScript(recordAnnouncements)
    await visit.page.goto(`${origin}/?every=1`)
    return visit
  }

  #watch(): void {
    const { page } = this
    page.on("pageerror", error => this.#problems.push(String(error)))
    page.on("console", message => {
      if (["error", "warning"].includes(message.type()) && !failedRequest.test(message.text())) {
        this.#problems.push(message.text())
      }
    })
    page.on("request", request => {
      if (new URL(request.url()).origin !== this.#origin) this.#problems.push(`asked ${request.url()}`)
    })
  }

  /** Console errors, exceptions and requests to other origins. */
  problems(): readonly string[] {
    return this.#problems
  }

  /** Waits until the page shows this state of the whole. */
  async state(heading: string): Promise<void> {
    await this.page.getByRole("heading", { level: 2, name: heading, exact: true }).waitFor()
  }

  async shows(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  async enterToken(token: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "Token" }).fill(token)
    await this.page.keyboard.press("Enter")
  }

  dependency(name: string): Locator {
    return this.page.getByRole("row", { name: new RegExp(`^${name}`) })
  }

  /** What the live region has said since the page was opened. */
  async announcements(): Promise<readonly string[]> {
    return await this.page.evaluate(() => (window as unknown as { announcements: string[] }).announcements)
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
  }

  async close(): Promise<void> {
    await this.context.close()
  }
}

/** Runs in the page before its own script. */
function recordAnnouncements(): void {
  const said: string[] = []
  Object.assign(window, { announcements: said })
  document.addEventListener("DOMContentLoaded", () => {
    const region = document.querySelector('[aria-live="polite"]')
    if (!region) return
    new MutationObserver(() => said.push(region.textContent ?? "")).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    })
  })
}
