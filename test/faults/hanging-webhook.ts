import { once } from "node:events"
import { writeFile } from "node:fs/promises"
import { type AddressInfo, createServer } from "node:net"
import { join } from "node:path"
import { expect, it } from "vitest"
import { expectAfterwards } from "../deployment/afterwards.ts"
import { ranTo, says } from "../deployment/deployer.ts"
import type { SetUp } from "../deployment/set-up.ts"

export function hangingWebhook(setUp: () => SetUp): void {
  it.sequential("the deploy is done all the same, and holds no lock while it tries", async () => {
    const stack = await setUp().stackOfOne("webhook")
    // Takes each connection, and never says anything.
    const silent = createServer(socket => socket.resume().on("error", () => undefined))
    await once(silent.listen(0, "127.0.0.1"), "listening")
    try {
      const { port } = silent.address() as AddressInfo
      const webhook = join(setUp().folder, "webhook")
      await writeFile(webhook, `http://127.0.0.1:${port}/secret-token`)
      const child = stack.start(stack.deployArgs(setUp().images.ok, "--webhook", webhook))
      await says(child, /all serve, watched for a while/)
      await expect.poll(async () => (await stack.outcomes())[0], { timeout: 60_000 }).toBe("deployed")
      const outcome = performance.now()
      const ended = await child
      expect(performance.now() - outcome).toBeLessThan(30_000)
      expect(ranTo(ended)).toMatchObject({ exitCode: 0, error: undefined })
      expect(ended.stderr).toMatch(/webhook/)
      expect(ended.stderr).not.toContain("secret-token")
      await expectAfterwards(stack, "ok", ["deployed"])
    } finally {
      silent.close()
    }
  })
}
