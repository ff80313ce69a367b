import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { startBurst } from "./children.ts"
import { configOf, filesIn, numbersIn, numbersTo, recordsOf, temporaryFolder } from "./files.ts"

const maxBytes = 1_000_000
const manyLines = 200_000

function setup(lines: number, ending: Parameters<typeof startBurst>[0]["ending"]) {
  const folder = temporaryFolder()
  const outputPath = join(temporaryFolder(), "stdout")
  const config = configOf(join(folder, "app.log"), { maxBytes })
  const started = startBurst({ config, lines, ending }, outputPath)
  const output = () => recordsOf(readFileSync(outputPath, "utf8"))
  return { ...started, folder, output }
}

function expectAll(folder: string, output: Record<string, unknown>[], lines: number) {
  const expected = numbersTo(lines)
  // Compared as text: a difference among so many numbers takes minutes to show.
  const inFiles = numbersIn(folder).join()
  expect(inFiles === expected.join(), "the files hold every line once, in order").toBe(true)
  const inOutput = output.filter(record => record.n !== undefined).map(record => record.n)
  expect(inOutput.join() === expected.join(), "the standard output holds every line once, in order").toBe(
    true,
  )
  const files = filesIn(folder)
  expect(files.length).toBeGreaterThan(lines / 10_000)
  for (const file of files) expect(file.bytes).toBeLessThanOrEqual(maxBytes)
}

test.each([
  ["return", 0],
  ["exit", 0],
  ["throw", 1],
] as const)(
  "a burst of 200,000 lines over many files loses none at its %s",
  { timeout: 120_000 },
  async (ending, code) => {
    const { closed, folder, output } = setup(manyLines, ending)
    expect(await closed).toEqual([code, null])
    expectAll(folder, output(), manyLines)
  },
)

test("SIGTERM in the middle of it loses no line", { timeout: 120_000 }, async () => {
  const { child, closed, folder, output, stderr } = setup(50_000, "sigterm")
  await expect.poll(stderr, { timeout: 60_000 }).toBe("enough")
  child.kill("SIGTERM")
  expect(await closed).toEqual([0, null])
  const lines = output()
  const logged = Number(lines.at(-1)?.logged)
  expect(logged).toBeGreaterThanOrEqual(50_000)
  expectAll(folder, lines, logged)
})

test("two processes with files of their own in one folder do not touch each other's", {
  timeout: 120_000,
}, async () => {
  const folder = temporaryFolder()
  const lines = 20_000
  const children = ["app.log", "app.web.log"].map(name =>
    startBurst(
      { config: configOf(join(folder, name), { maxBytes: 100_000 }), lines, ending: "exit" },
      "/dev/null",
    ),
  )
  for (const { closed } of children) expect(await closed).toEqual([0, null])
  const all = filesIn(folder)
  for (const isWeb of [true, false]) {
    const own = all.filter(file => file.name.startsWith("app.web.") === isWeb)
    const numbers = own.flatMap(file => recordsOf(file.text)).map(record => Number(record.n))
    expect(numbers.toSorted((a, b) => a - b).join() === numbersTo(lines).join(), String(isWeb)).toBe(true)
  }
})

test("two processes with the same file, as old and new overlap, lose and tear no line", {
  timeout: 120_000,
}, async () => {
  const folder = temporaryFolder()
  const lines = 20_000
  const config = configOf(join(folder, "app.log"), { maxBytes: 500_000 })
  const children = [1, 2].map(() => startBurst({ config, lines, ending: "exit" }, "/dev/null"))
  for (const { closed } of children) expect(await closed).toEqual([0, null])
  const numbers = numbersIn(folder)
    .map(Number)
    .toSorted((a, b) => a - b)
  expect(
    numbers.join() ===
      numbersTo(lines)
        .flatMap(n => [n, n])
        .join(),
  ).toBe(true)
})
