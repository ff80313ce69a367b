import { readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { createLogging } from "../../../../app/backend/logging/logger.ts"
import type { LogRecord } from "../support.ts"
import { configOf, filesIn, numbersTo, recordsOf } from "./files.ts"
import { canMount, diskBytes, reason, smallDisk } from "./small-disk.ts"

test.skipIf(!canMount)(
  `a full disk costs one warning, and its lines come back when there is room${reason}`,
  async () => {
    const folder = smallDisk()
    let now = Date.now()
    const stdout: LogRecord[] = []
    const destination = { write: (line: string) => void stdout.push(JSON.parse(line)) }
    const logging = createLogging(configOf(join(folder, "app.log")), {
      stdout: destination,
      clock: () => now,
    })
    onTestFinished(() => logging.close())
    let n = 0
    const burst = (lines: number) => {
      for (const end = n + lines; n < end; n++) logging.logger.info({ n, pad: "x".repeat(n % 300) }, "line")
      logging.flushSync()
    }
    const said = (message: string) => stdout.filter(record => record.message === message)
    const warning = "the log file cannot be written: lines go to the standard output only"

    writeFileSync(join(folder, "filler"), Buffer.alloc(diskBytes / 2))
    burst(5000)
    expect(said(warning)).toMatchObject([{ level: "warn", err: { code: "ENOSPC" } }])
    // Still full: tried again every five seconds, and not one more word.
    for (let attempt = 0; attempt < 20; attempt++) {
      now += 1000
      burst(50)
    }
    expect(said(warning)).toHaveLength(1)
    expect(said("the log file is written again")).toHaveLength(0)

    rmSync(join(folder, "filler"))
    burst(50)
    now += 5000
    burst(1000)
    expect(said(warning)).toHaveLength(1)
    const recoveries = said("the log file is written again")
    expect(recoveries).toHaveLength(1)
    expect(stdout.filter(record => record.n !== undefined).map(record => record.n)).toEqual(numbersTo(n))
    const inFile = recordsOf(filesIn(folder)[0]?.text ?? "")
    expect(recoveries[0]?.missedLines).toBe(stdout.length - inFile.length)
    expect(inFile.at(-1)).toMatchObject({ n: n - 1 })
  },
)

test.skipIf(!canMount)(`a disk that is full from the start does not stop the service${reason}`, async () => {
  const folder = smallDisk()
  const { bavail, bsize } = statfsSync(folder)
  writeFileSync(join(folder, "filler"), Buffer.alloc(bavail * bsize))
  const lines: string[] = []
  const stdout = { write: (line: string) => void lines.push(line) }
  const logging = createLogging(configOf(join(folder, "app.log")), { stdout, retryMs: 0 })
  for (let n = 0; n < 500; n++) {
    logging.logger.info({ n }, "line")
    logging.flushSync()
  }
  await logging.close()
  expect(lines).toHaveLength(501)
  expect(readFileSync(join(folder, "app.log"), "utf8")).toBe("")
})

test("a device in place of the file is refused and does not stop the service", async () => {
  const lines: string[] = []
  const stdout = { write: (line: string) => void lines.push(line) }
  const logging = createLogging(configOf("/dev/full"), { stdout, retryMs: 0 })
  for (let n = 0; n < 100; n++) logging.logger.info({ n }, "line")
  await logging.close()
  expect(lines).toHaveLength(101)
})
