import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Clone } from "../e2e/clone.ts"

const kit = join("ci", "engine", "entry.mjs")

let clone: Clone

beforeAll(async () => {
  clone = await Clone.create()
})

afterAll(() => clone.remove())

/** `npm run reproduce` in the clone; what it leaves when the images differ goes with the clone. */
async function reproduce(): Promise<{ exitCode: number; screen: string }> {
  const tmp = join(clone.dir, "dist", "tmp")
  await mkdir(tmp, { recursive: true })
  const { exitCode = -1, all } = await execa("node", [kit, "reproduce"], {
    cwd: clone.dir,
    env: { TMPDIR: tmp },
    reject: false,
    all: true,
  })
  console.log(all)
  return { exitCode, screen: all }
}

async function leftovers(): Promise<string[]> {
  const named = ["--filter", "name=lockstep-reproduce-", "--format"]
  const containers = await execa("docker", ["ps", "-a", ...named, "{{.Names}}"])
  const volumes = await execa("docker", ["volume", "ls", ...named, "{{.Name}}"])
  return `${containers.stdout}\n${volumes.stdout}`.split("\n").filter(Boolean)
}

test("two empty engines make the same images of HEAD, and nothing of them stays", async () => {
  const { exitCode, screen } = await reproduce()
  expect(exitCode, screen).toBe(0)
  expect(screen.match(/manifest +sha256:\w+ +sha256:\w+ +equal/g)).toHaveLength(3)
  expect(screen).not.toContain("DIFFERENT")
  expect(await leftovers()).toEqual([])
})

test("a builder that writes the time into a file is found out, and the file is named", async () => {
  const dockerfile = join(clone.dir, "docker", "Dockerfile.backend")
  const text = await readFile(dockerfile, "utf8")
  await writeFile(dockerfile, text.replace("\n && cp -r app/config", "\n && date > /out/app/built-at \\$&"))
  await execa(
    "git",
    ["-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "-qam", "date"],
    {
      cwd: clone.dir,
    },
  )
  const { exitCode, screen } = await reproduce()
  expect(exitCode, screen).toBe(1)
  expect(screen).toMatch(/manifest +sha256:\w+ +sha256:\w+ +DIFFERENT/)
  expect(screen).toMatch(
    /error KIT_NOT_REPRODUCED[\s\S]*backend: layer \d: \/app\/built-at differs in content \(\w{12} and \w{12}\)/,
  )
  expect(await leftovers()).toEqual([])
})
