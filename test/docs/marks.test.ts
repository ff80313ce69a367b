import { describe, expect, test } from "vitest"
import { commandsOf, essentialWords, faultOf, isShell, isUnmarkedShell } from "./marks.ts"
import { allPages, type Block, blocksOf, parse } from "./pages.ts"

const blocks = allPages().flatMap(blocksOf)

test("every command block is run by a test, or says why not", () => {
  const shell = blocks.filter(isShell)
  expect(shell.length).toBeGreaterThan(10)
  expect(shell.map(block => [block.at, faultOf(block)]).filter(([, fault]) => fault)).toEqual([])
})

test("no block of commands hides behind a missing language", () => {
  expect(blocks.filter(isUnmarkedShell).map(({ at }) => at)).toEqual([])
})

test("no mark stands above anything but a block of commands", () => {
  const marked = blocks.filter(({ comment }) => /^(not )?run:/.test(comment))
  expect(marked.filter(block => !isShell(block)).map(({ at }) => at)).toEqual([])
})

describe("a block", () => {
  const only = (text: string): Block => blocksOf(parse("page.md", text))[0] as Block
  const marked = (comment: string, command: string) =>
    faultOf(only(`${comment}\n\`\`\`sh\n${command}\n\`\`\``))

  test.each([
    ["no mark", "Some text.\n", "dagger call stop", /no comment above it/],
    ["a comment that is no mark", "<!-- see below -->", "dagger call stop", /no comment above it/],
    ["a reason of one word", "<!-- not run: dangerous -->", "dagger call stop", /too short/],
    ["a test that is not there", "<!-- run: test/none.test.ts -->", "dagger call stop", /there is no/],
    ["a file that is no test", "<!-- run: test/e2e/clone.ts -->", "dagger call stop", /none of these/],
    ["a test without the verb", "<!-- run: test/host/verbs.test.ts -->", "dagger call fly", /never says fly/],
    [
      "a test without the flag",
      "<!-- run: test/host/verbs.test.ts -->",
      "dagger call stop --up=1",
      /says --up/,
    ],
  ])("with %s is refused", (_, comment, command, fault) => {
    expect(marked(comment, command)).toMatch(fault)
  })

  test.each([
    ["is run as it stands", "<!-- run: here -->", "openssl version"],
    [
      "is run by a test",
      "<!-- run: test/host/verbs.test.ts -->",
      "dagger call rollback --env staging --to 1",
    ],
    ["says why it is not run", "<!-- not run: needs a host of your own -->", "ssh web.example.com"],
  ])("that %s is right", (_, comment, command) => {
    expect(marked(comment, command)).toBeUndefined()
  })

  test("that begins with a command and names no language is found", () => {
    expect(isUnmarkedShell(only("```\nnpm start\n```"))).toBe(true)
    expect(isUnmarkedShell(only("```\ndagger.json  the module\n```"))).toBe(false)
  })
})

test("a command on two lines is one, and comments are none", () => {
  const text = "# first\nnpm start   # makes it\n\ndagger call \\\n  stop --env prod"
  const block = { at: "", language: "sh", comment: "", text }
  expect(commandsOf(block)).toEqual(["npm start", "dagger call  stop --env prod"])
})

test("the essential words are verbs and names of flags, not values", () => {
  const command = "dagger call --project=shop deploy --env staging --secrets file://a.secrets ./b $C"
  expect(essentialWords(command)).toEqual(["--project", "deploy", "--env", "staging", "--secrets"])
  expect(essentialWords("ssh-keygen -t rsa -f deploy")).toEqual(["ssh-keygen"])
})
