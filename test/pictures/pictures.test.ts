import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { projectDir } from "../e2e/clone.ts"
import { cell, padding } from "./draw.ts"
import { scenes } from "./scenes.ts"

const images = join(projectDir, "docs", "images")
const pictures = new Map(
  await Promise.all(
    scenes.map(async ({ file }) => [file, await readFile(join(images, file), "utf8")] as const),
  ),
)

test("each terminal picture is of a command that npm run pictures types", async () => {
  const drawn = (await readdir(images)).filter(file => file.startsWith("terminal-"))
  expect(drawn.sort()).toEqual(scenes.map(({ file }) => file).sort())
})

describe.each(scenes)("the picture of $command", ({ file, command }) => {
  const lines = linesOf(pictures.get(file) ?? "")

  test("says the command and the commit that it was made of, and shows the command", () => {
    expect(pictures.get(file)).toMatch(new RegExp(`<desc>command: ${command}\ncommit: [0-9a-f]{12}</desc>`))
    expect(lines[0]).toBe(`$ ${command}`)
  })

  test("is of a command that there is, with these flags", async () => {
    await expectKnown(command)
  })
})

test("npm start in the picture has the headings and the steps that the program has now, in their order", async () => {
  const lines = linesOf(pictures.get("terminal-start.svg") ?? "")
  const shown = lines.flatMap(line => /^ {2}✓ (.{16})/.exec(line)?.[1]?.trim() ?? [])
  const files = ["main.ts", "up.ts", "parts.ts", "start.ts"]
  const sources = await Promise.all(files.map(file => source("ci", "engine", file)))
  const known = sources.flatMap(stepsOf)
  expect(known).toEqual(expect.arrayContaining(shown))
  expect(shown.slice(-4)).toEqual(stepsOf(sources.at(-1) ?? ""))
  const headings = [...(sources[0] ?? "").matchAll(/async function start[\s\S]*?\n}/g)].flatMap(([body]) =>
    [...body.matchAll(/\.say\("([^"]+)"/g)].map(([, heading]) => heading),
  )
  expect(lines).toEqual(expect.arrayContaining(headings))
})

/** The text in the picture, line by line, with each run at its column. */
function linesOf(svg: string): string[] {
  const lines = new Map<string, string>()
  for (const [, x, y = "", content = ""] of svg.matchAll(
    /<text x="([\d.]+)" y="(\d+)"[^>]*>(.*?)<\/text>/g,
  )) {
    const text = content
      .replaceAll(/<[^>]+>/g, "")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
    const column = Math.round((Number(x) - padding) / cell.width)
    lines.set(y, (lines.get(y) ?? "").padEnd(column) + text.replaceAll("&amp;", "&"))
  }
  return [...lines.values()]
}

async function expectKnown(command: string): Promise<void> {
  const [program, verb = "", ...args] = command.split(" ")
  if (program === "npm") {
    expect(Object.keys(JSON.parse(await source("package.json")).scripts)).toContain(verb)
    return
  }
  const [name = "", ...flags] = args
    .filter(arg => arg !== "-q")
    .filter((arg, index) => index === 0 || arg.startsWith("--"))
  const method = new RegExp(`@func\\(.*\\)\n  async ${name}\\(([^{]*)\\): Promise`)
  const found = method.exec(await source("ci", "src", "index.ts"))
  expect([program, verb, found === null]).toEqual(["dagger", "call", false])
  for (const flag of flags) expect(found?.[1]).toMatch(new RegExp(`\\b${flag.slice(2)}\\??:`))
}

function stepsOf(text: string): string[] {
  return [...text.matchAll(/\.step\("([^"]+)"/g)].map(([, name = ""]) => name)
}

async function source(...path: string[]): Promise<string> {
  return await readFile(join(projectDir, ...path), "utf8")
}
