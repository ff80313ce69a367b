import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { filesIn, numbersIn, numbersTo, startLogging, temporaryFolder } from "./files.ts"

test("old files are compressed in the background, and every line is still there once", async () => {
  const folder = temporaryFolder()
  const { close, burst } = startLogging(folder, { maxBytes: 20_000, compress: true })
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
  const first = startLogging(folder, { maxBytes: 2_000_000, compress: true })
  first.burst(0, 10_000, "x".repeat(300))
  await first.close()
  expect(
    filesIn(folder)
      .map(file => file.name)
      .filter(name => name.endsWith(".part")),
  ).toEqual([])
  expect(numbersIn(folder)).toEqual(numbersTo(10_000))
  const second = startLogging(folder, { maxBytes: 2_000_000, compress: true })
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
  const { close, burst } = startLogging(folder)
  burst(0, 1)
  await close()
  expect(existsSync(join(folder, name))).toBe(false)
  expect(readFileSync(join(folder, `${name}.gz`), "utf8")).toBe("compressed")
})
