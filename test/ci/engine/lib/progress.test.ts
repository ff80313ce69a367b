import { afterEach, expect, test, vi } from "vitest"
import { formatError, KitError } from "../../../../ci/engine/lib/errors.ts"
import { Progress } from "../../../../ci/engine/lib/progress.ts"
import { run } from "../../../../ci/engine/lib/run.ts"

/** The global timer, which the fake clock replaces. */
const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

afterEach(() => {
  vi.useRealTimers()
})

function screen(isTTY: boolean) {
  const lines: string[] = []
  return { isTTY, write: (text: string) => lines.push(text), text: () => lines.join("") }
}

test("a finished step shows its name, its time and its last remark", async () => {
  const shown = screen(false)
  await new Progress(shown).step("engine", async note => {
    note("compiling")
    note("made")
  })
  expect(shown.text()).toMatch(/^ {2}✓ engine +0\.\d s {2}made\n$/)
})

test("a failed step is marked, and its error goes on", async () => {
  const shown = screen(false)
  const failing = new Progress(shown).step("engine", () => Promise.reject(new Error("no")))
  await expect(failing).rejects.toThrow("no")
  expect(shown.text()).toMatch(/^ {2}✗ engine/)
})

test("in a log, a long step says every half minute that it is alive", async () => {
  vi.useFakeTimers()
  const shown = screen(false)
  const step = new Progress(shown).step("engine", () => sleep(65_000))
  await vi.advanceTimersByTimeAsync(65_000)
  await step
  expect(shown.text().match(/… engine/g)).toHaveLength(2)
})

test("on a terminal, the running steps stand on one line that counts", async () => {
  vi.useFakeTimers()
  const shown = screen(true)
  const progress = new Progress(shown)
  const steps = [progress.step("one", () => sleep(1000)), progress.step("two", () => sleep(1000))]
  await vi.advanceTimersByTimeAsync(1000)
  await Promise.all(steps)
  expect(shown.text()).toMatch(/… one 0\.\d s {2}\| {2}two 0\.\d s/)
})

test("on a terminal, the line of the running steps is no longer than the terminal is wide", async () => {
  vi.useFakeTimers()
  const shown = { ...screen(true), columns: 40 }
  const step = new Progress(shown).step("engine binaries", async note => {
    note("compiling the engine and everything that belongs to it")
    await sleep(1000)
  })
  await vi.advanceTimersByTimeAsync(1000)
  await step
  const drawn = shown
    .text()
    .split("\r\u001b[2K")
    .filter(text => text.startsWith("  … "))
  expect(drawn).not.toEqual([])
  expect(Math.max(...drawn.map(line => line.length))).toBeLessThan(40)
})

test("a failing tool's error carries what the tool printed", async () => {
  const failing = run("sh", ["-c", "echo first; echo the reason >&2; exit 3"])
  await expect(failing).rejects.toMatchObject({ code: "KIT_TOOL_FAILED", why: "first\nthe reason" })
  await expect(failing).rejects.toThrow("exit code 3")
})

test("a missing tool is named, with the way to get it", async () => {
  const text = formatError(await run("no-such-tool", ["x"]).catch(error => error))
  expect(text).toMatch(
    /^error KIT_TOOL_MISSING: no-such-tool is not installed\n {2}why: .*\n {2}do: {2}install/,
  )
})

test("an error of several lines stays aligned", () => {
  const error = new KitError("KIT_X", "what", { why: "one\ntwo", fix: "do it" })
  expect(formatError(error)).toBe("error KIT_X: what\n  why: one\n       two\n  do:  do it")
})
