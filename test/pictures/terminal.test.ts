import { expect, test } from "vitest"
import { drawTerminal } from "./draw.ts"
import { record } from "./record.ts"
import { linesOnScreen } from "./terminal.ts"

async function textOf(output: string): Promise<string[]> {
  return (await linesOnScreen(output)).map(line => line.map(({ text }) => text).join(""))
}

test("a command writes to a terminal of a hundred and twenty columns, and its exit code is the one that is expected", async () => {
  const { output } = await record("test -t 1 && tput cols; exit 3", "/", 3)
  expect(await textOf(output)).toEqual(["120"])
})

test("a command that ends otherwise than expected is an error with what it printed", async () => {
  await expect(record("echo because; exit 3", "/")).rejects.toThrow(/ended with 3, not 0:\nbecause/)
})

test("what was drawn over is not in the picture", async () => {
  expect(
    await textOf("working 1 s\rworking 2 s\r\u001b[2Kdone\r\nabove\r\n\u001b[1A\u001b[2Kinstead\r\n"),
  ).toEqual(["done", "instead"])
})

test("lines that have scrolled away are in the picture", async () => {
  const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`)
  expect(await textOf(lines.join("\r\n"))).toEqual(lines)
})

test("colours stay, and signs of any width keep the columns behind them in place", async () => {
  const [line = []] = await linesOnScreen(
    "  \u001b[32m✓\u001b[0m \u001b[1;31mred\u001b[0m \u001b[38;5;208morange",
  )
  expect(line.map(({ column, text, look }) => [column, text.trim(), look.colour, look.bold])).toEqual([
    [2, "✓", 2, false],
    [4, "red", 1, true],
    [8, "orange", "#ff8700", false],
  ])
})

test("the picture says what it was made of, and has what is special in SVG as text", async () => {
  const svg = drawTerminal({ command: "a && b", commit: "0123456789ab" }, await linesOnScreen("<script>"))
  expect(svg).toContain("<desc>command: a &amp;&amp; b\ncommit: 0123456789ab</desc>")
  expect(svg).toContain(">&lt;script&gt;</text>")
})
