import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import type { Context } from "../../../ci/deployer/context.ts"
import { insistOnRoom, RoomWatch, roomComes } from "../../../ci/deployer/room.ts"
import { node, snapshot, task } from "./fixtures.ts"

const words = "write /var/lib/docker/overlay2/41841ec8-init/link: no space left on device"

/** Docker's answers to `create`, one after the other; the last one stays. */
function contextWith(...answers: string[]): Context & { readonly ran: string[] } {
  const ran: string[] = []
  const docker = async ([verb = "", ...args]: readonly string[]) => {
    ran.push([verb, ...args].join(" "))
    const stderr = verb === "create" ? ((answers.length > 1 ? answers.shift() : answers[0]) ?? "") : ""
    return { code: stderr ? 1 : 0, stdout: "", stderr }
  }
  const signal = new AbortController().signal
  return { docker, signal, progress: () => undefined, ran } as unknown as Context & { ran: string[] }
}

const coming = (state: string, changes = {}) => snapshot({ tasks: [task({ state, ...changes })] })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] })
})

afterEach(() => {
  vi.useRealTimers()
})

describe("a task that does not move", () => {
  async function seenFor(seconds: number, context: Context, ...states: Parameters<typeof coming>) {
    const watch = new RoomWatch(context, "demo")
    expect(await watch.failure(coming(...states))).toBeUndefined()
    vi.advanceTimersByTime(seconds * 1000)
    return watch.failure(coming(...states))
  }

  it.each(["assigned", "accepted", "preparing", "ready", "starting"])(
    "and is %s, on a disk that is full: that is why",
    async state => {
      const failure = await seenFor(9, contextWith(words), state)
      expect(failure).toMatchObject({ code: "DEPLOY_DISK_FULL", why: words })
    },
  )

  it("is given some seconds", async () => {
    const context = contextWith(words)
    expect(await seenFor(5, context, "accepted")).toBeUndefined()
    expect(context.ran).toEqual([])
  })

  it("on a disk with room is waited for, and the container that showed it is removed", async () => {
    const context = contextWith("")
    expect(await seenFor(9, context, "starting")).toBeUndefined()
    expect(context.ran.map(line => line.split(" ")[0])).toEqual(["create", "rm"])
  })

  it.each([
    ["on another node, whose disk cannot be seen", { nodeId: "n2" }],
    ["and was given up", { desired: "shutdown" }],
  ])("%s: is waited for", async (_, changes) => {
    expect(await seenFor(9, contextWith(words), "accepted", changes)).toBeUndefined()
  })

  it("is another matter when Docker refuses the container for another reason", async () => {
    expect(await seenFor(9, contextWith("No such image: app"), "preparing")).toBeUndefined()
  })
})

it("knows its own node", async () => {
  const watch = new RoomWatch(contextWith(words), "demo")
  const elsewhere = { ...coming("accepted"), nodes: [node({ isSelf: false }), node({ id: "n2" })] }
  await watch.failure(elsewhere)
  vi.advanceTimersByTime(9000)
  expect(await watch.failure(elsewhere)).toBeUndefined()
})

describe("room for the way back", () => {
  it("is waited for", async () => {
    expect(await roomComes(contextWith(words, ""), "demo", "app", 10)).toBe(true)
  })

  it("is not waited for without end", async () => {
    const coming = roomComes(contextWith(words), "demo", "app", 10)
    vi.advanceTimersByTime(11_000)
    expect(await coming).toBe(false)
  })

  it("is not waited for once the deployer is told to stop", async () => {
    const context = { ...contextWith(words), signal: AbortSignal.abort() }
    expect(await roomComes(context, "demo", "app", 10)).toBe(false)
  })

  it("is insisted on by the next run", async () => {
    await expect(insistOnRoom(contextWith(words).docker, "demo", "app")).rejects.toMatchObject({
      code: "DEPLOY_DISK_FULL",
      outcome: "refused",
      why: words,
    })
    await insistOnRoom(contextWith("").docker, "demo", "app")
  })
})
