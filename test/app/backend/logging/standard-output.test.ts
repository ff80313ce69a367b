import { once } from "node:events"
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { setTimeout as sleep } from "node:timers/promises"
import { expect, onTestFinished, test } from "vitest"
import { createStandardOutput } from "../../../../app/backend/logging/standard-output.ts"
import { startOutput } from "./children.ts"
import { configOf, numbersIn, numbersTo, recordsOf, temporaryFolder } from "./files.ts"
import { canMount, diskBytes, reason, smallDisk } from "./small-disk.ts"

const numbersOf = (output: string) =>
  recordsOf(output)
    .map(record => record.n)
    .filter(n => n !== undefined)

function open(path: string): number {
  const fd = openSync(path, "a")
  onTestFinished(() => closeSync(fd))
  return fd
}

test("a reader that is slow gets every line, in order, once it reads", { timeout: 60_000 }, async () => {
  const config = { ...configOf("unused"), file: null }
  const { child, closed, stderr } = startOutput({ config, lines: 20_000, pad: 100, later: 5 })
  await expect.poll(stderr, { timeout: 30_000 }).toContain("burst over")
  const output = child.stdout ? await text(child.stdout) : ""
  expect(await closed).toEqual([0, null])
  expect(numbersOf(output).join() === numbersTo(20_005).join()).toBe(true)
})

test("a reader that is too slow loses lines; how many is said when it reads again", {
  timeout: 60_000,
}, async () => {
  const config = { ...configOf("unused"), file: null }
  const { child, closed, stderr } = startOutput({ config, lines: 3000, pad: 8000, later: 50 })
  await expect.poll(stderr, { timeout: 30_000 }).toContain("burst over")
  expect(stderr().match(/too slow/g)).toHaveLength(1)
  const output = child.stdout ? await text(child.stdout) : ""
  expect(await closed).toEqual([0, null])
  const records = recordsOf(output)
  const recoveries = records.filter(record => record.message === "the standard output is written again")
  expect(recoveries).toHaveLength(1)
  // The warning is one of the lines that were missed.
  expect(numbersOf(output).length + Number(recoveries[0]?.missedLines)).toBe(3050 + 1)
})

test("a reader that goes away does not stop the process; the file has every line and one warning", {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder()
  const config = configOf(join(folder, "app.log"))
  const { child, closed, stderr } = startOutput({ config, lines: 1000, pad: 10, later: 30 })
  child.stdout?.destroy()
  expect(await closed).toEqual([0, null])
  expect(numbersIn(folder).filter(n => n !== undefined)).toEqual(numbersTo(1030))
  const messages = recordsOf(readFileSync(join(folder, "app.log"), "utf8")).map(record => record.message)
  expect(messages.filter(message => message !== "line")).toEqual(["the standard output cannot be written"])
  expect(stderr().match(/The standard output cannot be written: Error: EPIPE/g)).toHaveLength(1)
})

test("an output without room is reported once, however often it is tried again", () => {
  let now = 0
  const errors: unknown[] = []
  const output = createStandardOutput({
    fd: open("/dev/full"),
    clock: () => now,
    onFail: error => errors.push(error),
    onRecover: () => errors.push("recovered"),
  })
  for (; now < 20_000; now += 100) {
    output.write("{}\n")
    output.flush()
  }
  expect(errors).toMatchObject([{ code: "ENOSPC" }])
})

test.skipIf(!canMount)(`an output to a disk that was full goes on with a new line${reason}`, async () => {
  const folder = smallDisk()
  const recovered: number[] = []
  const errors: unknown[] = []
  const output = createStandardOutput({
    fd: open(join(folder, "out")),
    clock: Date.now,
    retryMs: 10,
    onFail: error => errors.push(error),
    onRecover: missedLines => recovered.push(missedLines),
  })
  writeFileSync(join(folder, "filler"), Buffer.alloc(diskBytes - 10_000))
  const line = `${JSON.stringify({ pad: "x".repeat(900) })}\n`
  const write = (lines: number) => {
    for (let n = 0; n < lines; n++) {
      output.write(line)
      output.flush()
    }
  }
  write(100)
  rmSync(join(folder, "filler"))
  await sleep(20)
  write(10)
  expect(errors).toMatchObject([{ code: "ENOSPC" }])
  const lines = readFileSync(join(folder, "out"), "utf8").split("\n").slice(0, -1)
  const whole = lines.filter(text => `${text}\n` === line).length
  expect(whole).toBe(110 - (recovered[0] ?? Number.NaN))
  // Half a line is where the disk was full, and the next one is not glued to it.
  expect(lines.length - whole).toBeLessThanOrEqual(1)
})

test("at the end it waits for the reader, but not for ever, and says what was lost", {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder()
  const config = configOf(join(folder, "app.log"))
  const { child, stderr } = startOutput({ config, lines: 5000, pad: 100, later: 0 })
  const [code] = await once(child, "exit")
  expect(code).toBe(0)
  expect(stderr()).toMatch(/nobody read the last \d+ lines/)
  expect(numbersIn(folder)).toEqual(numbersTo(5000))
  expect(readFileSync(join(folder, "app.log"), "utf8")).toContain("the standard output cannot be written")
})
