import { expect, test } from "vitest"
import { broughtBy, nameOf } from "../../../ci/scanner/lockfile.ts"

const lockfile = {
  packages: {
    "": { dependencies: { web: "1.0.0", "@own/log": "2.0.0" }, devDependencies: { tool: "3.0.0" } },
    "node_modules/web": { version: "1.0.0", dependencies: { parse: "^1.0.0" } },
    "node_modules/parse": { version: "1.5.0" },
    "node_modules/@own/log": { version: "2.0.0", dependencies: { parse: "^0.9.0" } },
    "node_modules/@own/log/node_modules/parse": { version: "0.9.0", dependencies: { deep: "*" } },
    "node_modules/deep": { version: "4.0.0", dependencies: { parse: "*" } },
    "node_modules/tool": { version: "3.0.0", dev: true, dependencies: { web: "*" } },
  },
}

test("a version is brought in by those who find it as Node does", () => {
  expect(broughtBy(lockfile, "parse", "0.9.0")).toEqual(["@own/log@2.0.0"])
  // The one of deep is that of the top folder, not its sibling's.
  expect(broughtBy(lockfile, "parse", "1.5.0")).toEqual(["@own/log@2.0.0", "tool@3.0.0", "web@1.0.0"])
})

test("a direct dependency brings itself", () => {
  expect(broughtBy(lockfile, "web", "1.0.0")).toEqual(["tool@3.0.0", "web@1.0.0"])
})

test("a version that is not there is brought by nobody", () => {
  expect(broughtBy(lockfile, "parse", "7.0.0")).toEqual([])
})

test("dependencies in a circle come to an end", () => {
  const circle = {
    packages: {
      "": { dependencies: { one: "1" } },
      "node_modules/one": { version: "1", dependencies: { two: "1" } },
      "node_modules/two": { version: "1", dependencies: { one: "1" } },
    },
  }
  expect(broughtBy(circle, "two", "1")).toEqual(["one@1"])
})

test("a name may have a scope", () => {
  expect(nameOf("node_modules/web/node_modules/@own/log")).toBe("@own/log")
})
