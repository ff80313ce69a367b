import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { filesIn, numbersInPresent, numbersTo, recordsOf, startLogging, temporaryFolder } from "./files.ts"

test("half a line that a killed process left is not continued", async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, "app.log"), '{"n":0}\n{"n"')
  const { close, burst } = startLogging(folder)
  burst(1, 3)
  await close()
  expect(filesIn(folder).map(file => file.text.split("\n").length)).toEqual([2, 3])
  expect(numbersInPresent(folder)).toEqual([1, 2])
})

test("a folder that goes is made anew, and a file that others moved away is followed by a new one", async () => {
  const folder = temporaryFolder()
  const { burst, flushSync, messages } = startLogging(folder, { maxBytes: 1000 })
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
  const { burst, flushSync, messages, stdout } = startLogging(folder)
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
  const { burst, flushSync, messages } = startLogging(folder, { maxFiles: 1 })
  burst(0, 10)
  flushSync()
  expect(numbersInPresent(folder).filter(n => n !== undefined)).toEqual(numbersTo(10))
  expect(messages().filter(message => message !== "line")).toEqual([
    "an old log file cannot be removed or compressed",
  ])
})
