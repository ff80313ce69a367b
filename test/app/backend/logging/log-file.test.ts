import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { createLogging } from "../../../../app/backend/logging/logger.ts"
import type { LogRecord } from "../support.ts"
import { configOf, filesIn, numbersIn, numbersTo, recordsOf, temporaryFolder } from "./files.ts"

function start(folder: string, file: Parameters<typeof configOf>[1] = {}, clock?: () => number) {
  const stdout: LogRecord[] = []
  const destination = { write: (line: string) => void stdout.push(JSON.parse(line)) }
  const options = { stdout: destination, retryMs: 0, ...(clock ? { clock } : {}) }
  const logging = createLogging(configOf(join(folder, "app.log"), file), options)
  onTestFinished(() => logging.close())
  const burst = (from: number, to: number, pad = "") => {
    for (let n = from; n < to; n++) logging.logger.info({ n, pad }, "line")
  }
  return { ...logging, burst, stdout, messages: () => stdout.map(record => record.message) }
}

test("each line is in the file as it is on the standard output", async () => {
  const folder = temporaryFolder()
  const { close, burst, stdout } = start(folder)
  burst(0, 10)
  await close()
  expect(recordsOf(filesIn(folder)[0]?.text ?? "")).toEqual(stdout)
})

test("lines are written soon without a flush, and a folder that is not there is made", async () => {
  const folder = temporaryFolder()
  const { burst } = start(join(folder, "a", "b"))
  burst(0, 3)
  await expect
    .poll(() => existsSync(join(folder, "a/b/app.log")) && numbersIn(join(folder, "a/b")))
    .toEqual([0, 1, 2])
})

test("no file is longer than its limit, and the lines are all there, once and in order", {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder()
  const { close, burst } = start(folder, { maxBytes: 10_000 })
  burst(0, 5000, "€ü")
  await close()
  const files = filesIn(folder)
  expect(files.length).toBeGreaterThan(50)
  for (const file of files) expect(file.bytes).toBeLessThanOrEqual(10_000)
  expect(numbersIn(folder)).toEqual(numbersTo(5000))
})

test("a record that is longer than the limit has a file of its own", async () => {
  const folder = temporaryFolder()
  const { close, burst } = start(folder, { maxBytes: 500 })
  burst(0, 3, "x".repeat(1000))
  await close()
  expect(filesIn(folder).map(file => recordsOf(file.text).length)).toEqual([1, 1, 1])
})

test("a file that is too old is followed by a new one with the next line", async () => {
  const folder = temporaryFolder()
  let now = Date.now()
  const { close, burst, flushSync } = start(folder, { maxAgeMs: 1000 }, () => now)
  burst(0, 2)
  flushSync()
  now += 999
  burst(2, 3)
  flushSync()
  now += 1
  burst(3, 4)
  await close()
  expect(filesIn(folder).map(file => recordsOf(file.text).map(record => record.n))).toEqual([[0, 1, 2], [3]])
})

test("a later process goes on with the file, with its size and its age", async () => {
  const folder = temporaryFolder()
  const first = start(folder, { maxBytes: 1000 })
  first.burst(0, 3)
  await first.close()
  const second = start(folder, { maxBytes: 1000 })
  second.burst(3, 10)
  await second.close()
  expect(filesIn(folder).every(file => file.bytes <= 1000)).toBe(true)
  expect(numbersIn(folder)).toEqual(numbersTo(10))
  const later = start(folder, { maxAgeMs: 3_600_000 }, () => Date.now() + 3_700_000)
  const before = filesIn(folder).length
  later.burst(10, 11)
  await later.close()
  expect(filesIn(folder)).toHaveLength(before + 1)
})

test("the oldest files go when there are too many, those of earlier processes included", async () => {
  const folder = temporaryFolder()
  for (let run = 0; run < 3; run++) {
    const { close, burst } = start(folder, { maxBytes: 400, maxFiles: 4 })
    burst(run * 10, run * 10 + 10)
    await close()
    expect(filesIn(folder)).toHaveLength(4)
  }
  const numbers = numbersIn(folder)
  expect(numbers).toEqual(numbersTo(30).slice(-numbers.length))
})

test("the oldest files go when all are too large together", async () => {
  const folder = temporaryFolder()
  const { close, burst } = start(folder, { maxBytes: 1000, maxTotalBytes: 5000 })
  burst(0, 200)
  await close()
  const total = filesIn(folder).reduce((sum, file) => sum + file.bytes, 0)
  expect(total).toBeLessThanOrEqual(5000)
  expect(total).toBeGreaterThan(3000)
})

test("files of others with similar names stay", async () => {
  const folder = temporaryFolder()
  const others = [
    ...["app.1.log", "app.20260101T000000000Z-abcdef.log.bak", "app.20260101T000000000Z-abcdef.txt"],
    ...["app2.20260101T000000000Z-abcdef.log", "app.web.20260101T000000000Z-abcdef.log", "other.log"],
  ]
  for (const name of others) writeFileSync(join(folder, name), "")
  writeFileSync(join(folder, "app.20260101T000000000Z-abcdef.log"), "")
  writeFileSync(join(folder, "app.20260102T000000000Z-abcdef.log.gz.part"), "")
  const { close, burst } = start(folder, { maxBytes: 300, maxFiles: 1 })
  burst(0, 10)
  await close()
  expect(filesIn(folder).map(file => file.name)).toEqual([...others.sort(), "app.log"])
})

test("old files are compressed in the background, and every line is still there once", async () => {
  const folder = temporaryFolder()
  const { close, burst } = start(folder, { maxBytes: 20_000, compress: true })
  burst(0, 500)
  const isCompressed = () =>
    filesIn(folder)
      .filter(file => file.name !== "app.log")
      .every(file => file.name.endsWith(".gz"))
  await expect.poll(isCompressed, { timeout: 10_000 }).toBe(true)
  await close()
  expect(filesIn(folder).length).toBeGreaterThan(3)
  expect(numbersIn(folder)).toEqual(numbersTo(500))
})

test("a compression that is cut off by the end leaves whole files, and a later process finishes it", async () => {
  const folder = temporaryFolder()
  const first = start(folder, { maxBytes: 2_000_000, compress: true })
  first.burst(0, 10_000, "x".repeat(300))
  await first.close()
  expect(
    filesIn(folder)
      .map(file => file.name)
      .filter(name => name.endsWith(".part")),
  ).toEqual([])
  expect(numbersIn(folder)).toEqual(numbersTo(10_000))
  const second = start(folder, { maxBytes: 2_000_000, compress: true })
  second.burst(10_000, 10_001)
  const plain = () =>
    filesIn(folder)
      .filter(file => !file.name.endsWith(".gz"))
      .map(file => file.name)
  await expect.poll(plain, { timeout: 20_000 }).toEqual(["app.log"])
  expect(numbersIn(folder)).toEqual(numbersTo(10_001))
}, 60_000)

test("an archive that is there twice, as a compression was cut off at its very end, is kept once", async () => {
  const folder = temporaryFolder()
  const name = "app.20260101T000000000Z-abcdef.log"
  writeFileSync(join(folder, name), "old\n")
  writeFileSync(join(folder, `${name}.gz`), "compressed")
  const { close, burst } = start(folder)
  burst(0, 1)
  await close()
  expect(existsSync(join(folder, name))).toBe(false)
  expect(readFileSync(join(folder, `${name}.gz`), "utf8")).toBe("compressed")
})

test("half a line that a killed process left is not continued", async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, "app.log"), '{"n":0}\n{"n"')
  const { close, burst } = start(folder)
  burst(1, 3)
  await close()
  expect(filesIn(folder).map(file => file.text.split("\n").length)).toEqual([2, 3])
  expect(numbersInPresent(folder)).toEqual([1, 2])
})

const numbersInPresent = (folder: string) =>
  recordsOf(readFileSync(join(folder, "app.log"), "utf8")).map(record => record.n)

test("a folder that goes is made anew, and a file that others moved away is followed by a new one", async () => {
  const folder = temporaryFolder()
  const { burst, flushSync, messages } = start(folder, { maxBytes: 1000 })
  burst(0, 2)
  flushSync()
  rmSync(folder, { recursive: true })
  burst(2, 4)
  flushSync()
  expect(numbersInPresent(folder)).toEqual([2, 3])
  renameSync(join(folder, "app.log"), join(folder, "moved"))
  writeFileSync(join(folder, "app.log"), "")
  burst(4, 30)
  flushSync()
  const kept = filesIn(folder)
    .filter(file => file.name !== "moved")
    .map(file => file.text)
    .join("")
  expect(recordsOf(readFileSync(join(folder, "moved"), "utf8") + kept).map(record => record.n)).toEqual(
    numbersTo(30).slice(2),
  )
  expect(messages().filter(message => message !== "line")).toEqual([])
})

test("a file that cannot be written costs one warning; the lines go to the standard output and are counted", async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, "app.log"))
  const { burst, flushSync, messages, stdout } = start(folder)
  burst(0, 1000)
  flushSync()
  burst(1000, 1500)
  flushSync()
  const warning = "the log file cannot be written: lines go to the standard output only"
  expect(messages().filter(message => message !== "line")).toEqual([warning])
  expect(stdout.find(record => record.message === warning)).toMatchObject({
    level: "warn",
    err: { message: /regular/ },
  })
  expect(stdout.filter(record => record.n !== undefined).map(record => record.n)).toEqual(numbersTo(1500))

  rmSync(join(folder, "app.log"), { recursive: true })
  burst(1500, 1600)
  flushSync()
  const inFile = recordsOf(readFileSync(join(folder, "app.log"), "utf8"))
  const recoveries = stdout.filter(record => record.message === "the log file is written again")
  expect(recoveries).toHaveLength(1)
  expect(inFile.filter(record => record.n !== undefined).map(record => record.n)).toEqual(
    numbersTo(1600).slice(1500),
  )
  expect(recoveries[0]?.missedLines).toBe(stdout.length - inFile.length)
})

test("an old file that cannot be removed costs a warning and no line", async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, "app.20260101T000000000Z-abcdef.log"))
  const { burst, flushSync, messages } = start(folder, { maxFiles: 1 })
  burst(0, 10)
  flushSync()
  expect(numbersInPresent(folder).filter(n => n !== undefined)).toEqual(numbersTo(10))
  expect(messages().filter(message => message !== "line")).toEqual([
    "an old log file cannot be removed or compressed",
  ])
})

test("only the owner and the group may read the file", async () => {
  const folder = temporaryFolder()
  const { burst, flushSync } = start(folder)
  burst(0, 1)
  flushSync()
  expect(statSync(join(folder, "app.log")).mode & 0o007).toBe(0)
})
