import { execa } from "execa"
import { afterEach, describe, expect, it } from "vitest"
import { type DeployEvent, notification } from "../../../../ci/deployer/notification/event.ts"
import { notify } from "../../../../ci/deployer/notify.ts"
import { freePort } from "../../../deployment/real-docker.ts"
import { type Answer, after, cutOff, endless, hang, Receiver, status } from "./receiver.ts"

const event: DeployEvent = {
  environment: "staging",
  kind: "deploy",
  outcome: "rolled-back",
  digests: { backend: "sha256:aa" },
  seconds: 3,
  error: { code: "DEPLOY_UNHEALTHY", message: "sick" },
}

let receivers: Receiver[] = []

afterEach(async () => {
  await Promise.all(receivers.map(receiver => receiver.close()))
  receivers = []
})

async function receiver(...answers: Answer[]): Promise<Receiver> {
  const made = await Receiver.listen(...answers)
  receivers.push(made)
  return made
}

/** Like a real one, in less time. */
async function told(webhook: URL): Promise<{ told: boolean; warnings: string[]; milliseconds: number }> {
  const warnings: string[] = []
  const start = performance.now()
  const limits = { backoffMilliseconds: 20, limitMilliseconds: 200 }
  const result = await notify(webhook, notification(event), { warn: line => warnings.push(line), ...limits })
  return { told: result, warnings, milliseconds: performance.now() - start }
}

describe("a webhook that answers", () => {
  it("gets the event as JSON, once", async () => {
    const { url, bodies, requests } = await receiver(status(200))
    expect(await told(url)).toMatchObject({ told: true, warnings: [] })
    expect(bodies.map(body => JSON.parse(body))).toEqual([notification(event)])
    expect(requests[0]).toMatchObject({ method: "POST", url: "/T0/s3cret?token=s3cret" })
    expect(requests[0]?.headers["content-type"]).toBe("application/json")
  })

  it.each([201, 204])("may say %i", async code => {
    const { url } = await receiver(status(code))
    expect(await told(url)).toMatchObject({ told: true, warnings: [] })
  })

  it("is told although it is slow, or never ends what it says", async () => {
    const [slow, talkative] = [await receiver(after(100, status(200))), await receiver(endless)]
    expect(await told(slow.url)).toMatchObject({ told: true })
    expect(await told(talkative.url)).toMatchObject({ told: true })
  })

  it.each([
    ["says 500", status(500)],
    ["says 429", status(429)],
    ["closes the connection", cutOff],
    ["hangs", hang],
  ])("is asked again when it first %s", async (_, first) => {
    const { url, bodies } = await receiver(first, status(200))
    expect(await told(url)).toMatchObject({ told: true, warnings: [] })
    expect(bodies).toHaveLength(2)
    expect(bodies[0]).toBe(bodies[1])
  })
})

describe("a webhook that does not take it costs a warning, without its secret path", () => {
  it.each([
    ["always says 500", status(500), "answered 500", 3],
    ["closes each connection", cutOff, "could not be reached (UND_ERR_SOCKET)", 3],
    ["hangs", hang, "did not answer in 0.2 s", 3],
    ["says 404", status(404), "answered 404", 1],
  ])("it %s", async (_, answer, words, times) => {
    const { url, bodies } = await receiver(answer)
    const result = await told(url)
    expect(result).toMatchObject({ told: false })
    expect(result.warnings).toEqual([`warning: nobody was notified: 127.0.0.1 ${words}`])
    expect(bodies).toHaveLength(times)
    expect(result.milliseconds).toBeLessThan(3 * 200 + 60 + 300)
  })

  it("leads elsewhere: the other place is never asked", async () => {
    const other = await receiver(status(200))
    for (const code of [301, 302, 303, 307, 308]) {
      const { url, bodies } = await receiver(status(code, { location: other.url.href }))
      const { warnings } = await told(url)
      expect(warnings).toEqual([`warning: nobody was notified: 127.0.0.1 answered ${code}`])
      expect(bodies).toHaveLength(1)
    }
    expect(other.requests).toEqual([])
  })

  it("is not there", async () => {
    const gone = new URL(`http://127.0.0.1:${await freePort()}/s3cret`)
    expect((await told(gone)).warnings).toEqual([
      "warning: nobody was notified: 127.0.0.1 could not be reached (ECONNREFUSED)",
    ])
    const nowhere = await told(new URL("https://nowhere.invalid/s3cret"))
    expect(nowhere.warnings[0]).toMatch(
      /^warning: nobody was notified: nowhere\.invalid could not be reached \(E\w+\)$/,
    )
  })

  it("speaks no HTTP, or has a certificate that nobody trusts", async () => {
    const { url } = await receiver(status(200))
    const tls = new URL(url.href.replace("http:", "https:"))
    const { warnings } = await told(tls)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).not.toContain("s3cret")
  })
})

it("lets the process end within 20 seconds when the webhook hangs, with the real limits", async () => {
  const { url, bodies } = await receiver(hang)
  const script = `
    import { notify } from "./ci/deployer/notify.ts"
    await notify(new URL(process.env.URL), JSON.parse(process.env.EVENT), { warn: line => console.log(line) })`
  const env = { URL: url.href, EVENT: JSON.stringify(notification(event)) }
  const start = performance.now()
  const { stdout } = await execa("node", ["--import", "tsx", "--input-type=module", "-e", script], { env })
  expect(stdout).toBe("warning: nobody was notified: 127.0.0.1 did not answer in 5 s")
  expect(bodies).toHaveLength(3)
  expect(performance.now() - start).toBeLessThan(20_000)
})
