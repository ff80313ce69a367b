import { type Browser, chromium } from "playwright-core"
import { ensurePackages } from "../../../ci/engine/steps/docker.ts"

/** Debian's Chromium, installed where it is missing. */
export async function startBrowser(): Promise<Browser> {
  await ensurePackages(["chromium", "fonts-liberation"], "chromium")
  const quiet = ["quic", "background-networking", "component-update", "sync", "gpu"]
  return await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--no-first-run", ...quiet.map(name => `--disable-${name}`)],
    timeout: 120_000,
  })
}
