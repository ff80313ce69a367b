import { readFile } from "node:fs/promises"
import { expect, test } from "vitest"
import { readService } from "../../../ci/init/service.ts"
import { service } from "./repository.ts"

const manifest = JSON.parse(await readFile("test/services/plain/package.json", "utf8"))
const withScripts = (scripts: Record<string, string | undefined>) => ({
  "package.json": JSON.stringify({ ...manifest, scripts: { ...manifest.scripts, ...scripts } }),
})
const withLockfile = (lockfile: object) => ({ "package-lock.json": JSON.stringify(lockfile) })

test("takes a service with and one without packages, and reads the command that starts it", async () => {
  expect(await readService(await service("plain"))).toEqual({ start: ["node", "main.js"] })
  expect(await readService(await service("fastify"))).toEqual({ start: ["node", "dist/main.js"] })
})

test("takes options in front of the file and arguments behind it", async () => {
  const dir = await service("plain", withScripts({ start: "node --enable-source-maps  main.js --role=web" }))
  expect((await readService(dir)).start).toEqual(["node", "--enable-source-maps", "main.js", "--role=web"])
})

test.each([
  ["no package.json", "INIT_NO_PACKAGE", { "package.json": undefined }],
  ["a package.json that is no JSON", "INIT_NO_PACKAGE", { "package.json": "{" }],
  ["no lockfile", "INIT_NO_LOCKFILE", { "package-lock.json": undefined }],
  ["a lockfile of version 1", "INIT_NO_LOCKFILE", withLockfile({ lockfileVersion: 1, dependencies: {} })],
  ["a workspace", "INIT_LOCAL_PACKAGE", withLockfile({ packages: { "": {}, "packages/a": {} } })],
  ["no start script", "INIT_START", withScripts({ start: undefined })],
  ["a start script with a variable before it", "INIT_START", withScripts({ start: "PORT=80 node main.js" })],
  ["a start script of two commands", "INIT_START", withScripts({ start: "node build.js && node main.js" })],
  ["a start script of another program", "INIT_START", withScripts({ start: "fastify start main.js" })],
  ["a start script without a file", "INIT_START", withScripts({ start: "node" })],
  ["no test script", "INIT_NO_TEST", withScripts({ test: undefined })],
  [
    "the test script of npm init",
    "INIT_NO_TEST",
    withScripts({ test: 'echo "Error: no test specified" && exit 1' }),
  ],
])("refuses a service with %s", async (_what, code, changes) => {
  await expect(readService(await service("plain", changes))).rejects.toMatchObject({ code })
})
