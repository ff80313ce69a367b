import { readdirSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { brokenLinks, reachable } from "./links.ts"
import { allPages, parse, picturesOf } from "./pages.ts"

const pages = allPages()
const reached = reachable("README.md", pages)

test("every link and picture of the documents leads to something that is there", () => {
  expect(pages.map(({ path }) => path)).toContain("docs/deployment/troubleshooting.md")
  expect(brokenLinks(pages)).toEqual([])
})

test("every document can be reached from the README, by links alone", () => {
  const lost = pages
    .map(({ path }) => path)
    .filter(path => !reached.has(path) && !path.startsWith(".github/"))
  expect(lost).toEqual([])
})

test("every picture of docs/images is shown somewhere, and has words for who cannot see it", () => {
  const pictures = readdirSync("docs/images").map(name => `docs/images/${name}`)
  expect(pictures.filter(path => !reached.has(path))).toEqual([])
  expect(pages.flatMap(page => picturesOf(page).filter(({ words }) => words.split(" ").length < 3))).toEqual(
    [],
  )
})

const there = (path: string) => ["docs/a.md", "docs/b.md", "docs/images/x.svg"].includes(path)
const faults = (text: string) =>
  brokenLinks([parse("docs/a.md", text), parse("docs/b.md", "# One `two`: 3\n\n## Same\n\n## Same")], there)

describe("a link is found broken when it", () => {
  test.each([
    ["leads to a file that is not there", "[b](c.md)", "there is no such file"],
    ["is a picture that is not there", "![p](images/y.svg)", "there is no such file"],
    ["is a picture in HTML", '<img src="images/y.svg">', "there is no such file"],
    ["names a heading that is not there", "[b](b.md#two)", "there is no such heading"],
    ["names a heading of its own page that is not there", "[a](#two)", "there is no such heading"],
    ["leaves the repository", "[b](../../b.md)", "leads out of the repository"],
    ["begins at the root, which GitHub takes for its own", "[b](/docs/b.md)", "leads out of the repository"],
    ["is not encrypted", "[b](http://example.com)", "not https"],
    ["is no address", "[b](https://)", "not an address"],
  ])("%s", (_, text, fault) => {
    expect(faults(text)).toEqual([expect.stringContaining(fault)])
  })
})

describe("a link is right when it leads to", () => {
  test.each([
    ["a file", "[b](b.md)"],
    ["a heading, by GitHub's rules", "[b](b.md#one-two-3)"],
    ["the second of two equal headings", "[b](b.md#same-1)"],
    ["a heading of its own page", "# Here\n\n[a](#here)"],
    ["a picture", "![p](images/x.svg)"],
    ["an address", "[b](https://example.com/a?b#c)"],
    ["the service on this machine", "<http://localhost:5173>"],
  ])("%s", (_, text) => {
    expect(faults(text)).toEqual([])
  })
})
