import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { databaseState, floor, inspectDatabase } from "../../../../ci/scanner/database/state.ts"
import { writeDatabase } from "../../../scan/database.ts"

const modified = "2026-11-20T08:00:00.000Z"
const now = new Date("2026-11-23T20:00:00.000Z")

let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "lockstep-db-"))
  await writeDatabase(join(dir, "good"), { modified, entries: floor, ecosystems: ["npm", "Go"] })
})

afterAll(async () => {
  await rm(dir, { recursive: true })
})

/** The good archive of npm's, changed. */
async function spoiled(name: string, change: (archive: Buffer) => Buffer | string): Promise<string> {
  const own = join(dir, name)
  await mkdir(join(own, "npm"), { recursive: true })
  await writeFile(join(own, "npm", "all.zip"), change(await readFile(join(dir, "good", "npm", "all.zip"))))
  return own
}

test("a whole database has its entries counted and its newest one dated", () => {
  const archives = inspectDatabase(join(dir, "good"), ["npm", "Go"])
  expect(archives).toEqual([
    { name: "npm", entries: floor, newest: modified },
    { name: "Go", entries: floor, newest: modified },
  ])
  expect(databaseState(archives, now)).toMatchObject({ newest: modified, ageDays: 3.5 })
})

test("the age is that of the oldest archive", () => {
  const archives = [
    { name: "npm", entries: 5000, newest: "2026-11-23T19:00:00.000Z" },
    { name: "Debian", entries: 5000, newest: "2026-11-13T20:00:00.000Z" },
  ]
  expect(databaseState(archives, now)?.ageDays).toBe(10)
})

test("an ecosystem that is missing is a fault, and there is no state then", () => {
  const archives = inspectDatabase(join(dir, "good"), ["npm", "Debian"])
  expect(archives[1]).toEqual({ name: "Debian", fault: "Debian/all.zip is missing" })
  expect(databaseState(archives, now)).toBeUndefined()
})

test.each([
  ["an empty file", () => Buffer.alloc(0)],
  ["no archive", () => "<html>404</html>"],
  ["an archive that was cut off", (archive: Buffer) => archive.subarray(0, archive.length / 2)],
  [
    "an archive with a changed byte in an entry",
    (archive: Buffer) => {
      const copy = Buffer.from(archive)
      copy[5000] = (copy[5000] ?? 0) ^ 1
      return copy
    },
  ],
] as const)("%s is a fault", async (name, change) => {
  const [archive] = inspectDatabase(await spoiled(name, change), ["npm"])
  expect(archive).toMatchObject({ name: "npm", fault: expect.stringContaining("cannot be read") })
})

test("an empty archive, which the scanner takes for a database without advisories, is a fault", async () => {
  const empty = Buffer.concat([Buffer.from("PK\x05\x06", "latin1"), Buffer.alloc(18)])
  const [archive] = inspectDatabase(await spoiled("empty archive", () => empty), ["npm"])
  expect(archive).toEqual({ name: "npm", fault: `npm/all.zip has 0 entries, not at least ${floor}` })
})

test("fewer entries than any real database has are a fault", async () => {
  const few = join(dir, "few")
  await writeDatabase(few, { modified, entries: floor - 1, ecosystems: ["npm"] })
  expect(inspectDatabase(few, ["npm"])[0]).toHaveProperty("fault")
})
