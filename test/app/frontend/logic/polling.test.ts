import { expect, test } from "vitest"
import { createPoller, delayUntilNext } from "../../../../app/frontend/src/logic/polling.ts"

test("waits the usual time while all is well and after the first failure", () => {
  expect(delayUntilNext({ everyMs: 5000, hidden: false, failures: 0 })).toBe(5000)
  expect(delayUntilNext({ everyMs: 5000, hidden: false, failures: 1 })).toBe(5000)
})

test("doubles the wait with each further failure, up to a minute", () => {
  const waits = [2, 3, 4, 5, 6, 50].map(failures =>
    delayUntilNext({ everyMs: 5000, hidden: false, failures }),
  )
  expect(waits).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000])
})

test("a hidden page asks every half minute at most, and never more often than it should", () => {
  expect(delayUntilNext({ everyMs: 5000, hidden: true, failures: 0 })).toBe(30_000)
  expect(delayUntilNext({ everyMs: 5000, hidden: true, failures: 5 })).toBe(60_000)
  expect(delayUntilNext({ everyMs: 120_000, hidden: true, failures: 5 })).toBe(120_000)
})

/** A poller whose clock stands still, and whose polls end when the test says so. */
function setUp() {
  let now = 1000
  let delay = 5000
  let polls = 0
  const endings: (() => void)[] = []
  const timers = new Map<number, { run: () => void; ms: number }>()
  const poller = createPoller({
    poll: () => {
      polls += 1
      return new Promise<void>(resolve => endings.push(resolve))
    },
    delay: () => delay,
    now: () => now,
    setTimer: (run, ms) => {
      const id = timers.size + polls + now
      timers.set(id, { run, ms })
      return id
    },
    clearTimer: id => void timers.delete(id),
  })
  return {
    poller,
    polls: () => polls,
    waits: () => [...timers.values()].map(({ ms }) => ms),
    setDelay: (ms: number) => {
      delay = ms
    },
    pass: (ms: number) => {
      now += ms
    },
    end: async () => {
      endings.shift()?.()
      await new Promise(setImmediate)
    },
    ring: () => {
      const [due] = timers
      if (!due) throw new Error("no timer is set")
      timers.delete(due[0])
      due[1].run()
    },
  }
}

test("one poll follows the other, counted from the end of the one before", async () => {
  const { poller, polls, waits, pass, end, ring } = setUp()
  poller.refresh()
  pass(700)
  expect([polls(), waits(), poller.nextAt]).toEqual([1, [], null])
  await end()
  expect([waits(), poller.nextAt]).toEqual([[5000], 6700])
  pass(5000)
  ring()
  expect([polls(), waits(), poller.nextAt]).toEqual([2, [], null])
})

test("a refresh during a poll leads to one more after it, not to two at once", async () => {
  const { poller, polls, waits, end } = setUp()
  poller.refresh()
  poller.refresh()
  poller.refresh()
  expect(polls()).toBe(1)
  await end()
  expect([polls(), waits()]).toEqual([2, []])
  await end()
  expect([polls(), waits()]).toEqual([2, [5000]])
})

test("a refresh between polls replaces the one that was due", async () => {
  const { poller, polls, waits, end } = setUp()
  poller.refresh()
  await end()
  poller.refresh()
  expect([polls(), waits()]).toEqual([2, []])
  await end()
  expect(waits()).toEqual([5000])
})

test("a new delay counts from the end of the last poll, and one that is over is due at once", async () => {
  const { poller, waits, setDelay, pass, end } = setUp()
  setDelay(30_000)
  poller.refresh()
  await end()
  pass(2000)
  setDelay(5000)
  poller.reschedule()
  expect(waits()).toEqual([3000])
  pass(20_000)
  poller.reschedule()
  expect(waits()).toEqual([0])
})

test("a paused poller sets no timer, still refreshes when asked, and polls at once when it goes on", async () => {
  const { poller, polls, waits, end } = setUp()
  poller.refresh()
  poller.pause()
  await end()
  expect([waits(), poller.paused, poller.nextAt]).toEqual([[], true, null])
  poller.reschedule()
  expect(waits()).toEqual([])
  poller.refresh()
  await end()
  expect([polls(), waits()]).toEqual([2, []])
  poller.resume()
  expect([polls(), poller.paused]).toEqual([3, false])
  await end()
  expect(waits()).toEqual([5000])
})
