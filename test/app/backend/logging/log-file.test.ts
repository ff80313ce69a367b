import { existsSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { filesIn, numbersIn, numbersTo, recordsOf, startLogging, temporaryFolder } from "./files.ts"

test("each line is in the file as it is on the standard output", async () => {
  const folder = temporaryFolder()
  const { close, burst, stdout } = startLogging(folder)
  burst(0, 10)
  await close()
  expect(recordsOf(filesIn(folder)[0]?.text ?? "")).toEqual(stdout)
})

test("lines are written soon without a flush, and a folder that is not there is made", async () => {
  const folder = temporaryFolder()
  const { burst } = startLogging(join(folder, "a", "b"))
  burst(0, 3)
  await expect
    .poll(() => existsSync(join(folder, "a/b/app.log")) && numbersIn(join(folder, "a/b")))
    .toEqual([0, 1, 2])
})

test("no file is longer than its limit, and the lines are all there, once and in order", {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder()
  const { close, burst } = startLogging(folder, { maxBytes: 10_000 })
  burst(0, 5000, "€ü")
  await close()
  const files = filesIn(folder)
  expect(files.length).toBeGreaterThan(50)
  for (const file of files) expect(file.bytes).toBeLessThanOrEqual(10_000)
  expect(numbersIn(folder)).toEqual(numbersTo(5000))
})

test("a record that is longer than the limit has a file of its own", async () => {
  const folder = temporaryFolder()
  const { close, burst } = startLogging(folder, { maxBytes: 500 })
  burst(0, 3, "x".repeat(1000))
  await close()
  expect(filesIn(folder).map(file => recordsOf(file.text).length)).toEqual([1, 1, 1])
})

test("a file that is too old is followed by a new one with the next line", async () => {
  const folder = temporaryFolder()
  let now = Date.now()
  const { close, burst, flushSync } = startLogging(folder, { maxAgeMs: 1000 }, () => now)
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
  const first = startLogging(folder, { maxBytes: 1000 })
  first.burst(0, 3)
  await first.close()
  const second = startLogging(folder, { maxBytes: 1000 })
  second.burst(3, 10)
  await second.close()
  expect(filesIn(folder).every(file => file.bytes <= 1000)).toBe(true)
  expect(numbersIn(folder)).toEqual(numbersTo(10))
  const later = startLogging(folder, { maxAgeMs: 3_600_000 }, () => Date.now() + 3_700_000)
  const before = filesIn(folder).length
  later.burst(10, 11)
  await later.close()
  expect(filesIn(folder)).toHaveLength(before + 1)
})

test("the oldest files go when there are too many, those of earlier processes included", async () => {
  const folder = temporaryFolder()
  for (let run = 0; run < 3; run++) {
    const { close, burst } = startLogging(folder, { maxBytes: 400, maxFiles: 4 })
    burst(run * 10, run * 10 + 10)
    await close()
    expect(filesIn(folder)).toHaveLength(4)
  }
  const numbers = numbersIn(folder)
  expect(numbers).toEqual(numbersTo(30).slice(-numbers.length))
})

test("the oldest files go when all are too large together", async () => {
  const folder = temporaryFolder()
  const { close, burst } = startLogging(folder, { maxBytes: 1000, maxTotalBytes: 5000 })
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
  const { close, burst } = startLogging(folder, { maxBytes: 300, maxFiles: 1 })
  burst(0, 10)
  await close()
  expect(filesIn(folder).map(file => file.name)).toEqual([...others.sort(), "app.log"])
})

test("only the owner and the group may read the file", async () => {
  const folder = temporaryFolder()
  const { burst, flushSync } = startLogging(folder)
  burst(0, 1)
  flushSync()
  expect(statSync(join(folder, "app.log")).mode & 0o007).toBe(0)
})
