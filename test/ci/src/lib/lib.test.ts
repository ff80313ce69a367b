import { execa } from "execa"
import { describe, expect, test } from "vitest"
import {
  flags,
  formatArguments,
  imageFlags,
  optionFlags,
  withNote,
} from "../../../../ci/src/lib/deploy-arguments.ts"
import {
  appEnvironment,
  environmentTable,
  knownEnvironment,
  needsPromotion,
} from "../../../../ci/src/lib/environments.ts"
import {
  deployerError,
  missingSecret,
  missingSocket,
  pushError,
  readError,
} from "../../../../ci/src/lib/failure.ts"
import { manifestDigest } from "../../../../ci/src/lib/layout.ts"
import { summarise, summariseOutput } from "../../../../ci/src/lib/test-summary.ts"

describe("the deployer's command line", () => {
  test("leaves out what was not given", () => {
    expect(optionFlags({ replicas: undefined, port: undefined, format: "text" })).toEqual([])
    expect(flags({ secrets: undefined, allowUnverified: false })).toEqual([])
  })

  test("carries numbers, switches and the format", () => {
    expect(optionFlags({ replicas: 3, port: 81, timeout: 9, bake: 60, format: "json" })).toEqual([
      ...["--replicas", "3", "--port", "81", "--timeout", "9", "--bake", "60", "--json"],
    ])
    expect(flags({ maxAge: 7, allowUnverified: true })).toEqual(["--max-age", "7", "--allow-unverified"])
  })

  test("names each image as the stack file does", () => {
    expect(imageFlags(["r/backend@sha256:1", "r/edge@sha256:2"])).toEqual([
      ...["--image", "backend=r/backend@sha256:1", "--image", "edge=r/edge@sha256:2"],
    ])
  })

  test("refuses a format that nobody prints", () => {
    expect(() => formatArguments("xml")).toThrow(/^error DEPLOY_UNKNOWN_FORMAT: .*"xml"/)
  })
})

test("what the deployer did not know stands below what it printed, or is a field more", () => {
  const note = { registry: "has the same evidence" }
  expect(withNote("prod runs\n", "text", note)).toBe("prod runs\n  registry  has the same evidence")
  expect(withNote('{"number":1}\n', "json", note)).toBe('{"number":1,"registry":"has the same evidence"}')
})

describe("environments", () => {
  test("are listed with their ports", () => {
    expect(environmentTable()).toMatch(/staging\s+8080\s+deploy\nprod\s+80\s+promotion/)
  })

  test("say which of them takes releases by promotion, and what the application calls them", () => {
    expect([needsPromotion("prod"), needsPromotion("staging")]).toEqual([true, false])
    expect(appEnvironment("prod")).toBe("production")
  })

  test("that don't exist are refused with the names of those that do", () => {
    expect(() => knownEnvironment("moon")).toThrow(/DEPLOY_UNKNOWN_ENV.*moon[\s\S]*staging, prod/)
  })
})

describe("failures", () => {
  test("the deployer's error is found behind its progress", () => {
    const stderr = "[   0.1s] preflight\nerror DEPLOY_X: what\nwhy: because\ndo: this\n"
    expect(deployerError(stderr)).toBe("error DEPLOY_X: what\nwhy: because\ndo: this")
    expect(deployerError("Killed")).toBeUndefined()
  })

  test("a missing socket is told from other errors of the engine", () => {
    expect(missingSocket("NotFound: socket /a.sock not found: stat /a.sock")).toContain(
      "no Docker socket at /a.sock",
    )
    expect(missingSocket("exit code: 1")).toBeUndefined()
  })

  test("a push that failed says what the tool said last", () => {
    expect(pushError("Copying\nconnection refused\n")).toContain("why: connection refused")
  })
})

test("the digest of a layout is that of its only image", () => {
  expect(manifestDigest('{"manifests":[{"digest":"sha256:1"}]}')).toBe("sha256:1")
  expect(() => manifestDigest('{"manifests":[]}')).toThrow("BUILD_LAYOUT")
})

describe("the summary of a test run", () => {
  const report = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, testResults: [1, 2] }

  test("counts tests and files, and names skipped ones", () => {
    expect(summarise(JSON.stringify(report))).toBe("3 passed, 0 failed, 1 skipped, in 2 files")
  })

  test("is an error when no test ran", () => {
    expect(() => summarise(JSON.stringify({ ...report, numPassedTests: 0 }))).toThrow("TEST_NONE_RAN")
  })

  test.each(["spec", "tap"])("is made of what Node's test runner prints as well, as %s", async reporter => {
    const run = async (...files: string[]) => {
      const ran = await execa(process.execPath, ["--test", `--test-reporter=${reporter}`, ...files], { cwd })
      return ran.stdout
    }
    const cwd = "test/services/plain"
    expect(summariseOutput(await run())).toBe("3 passed, 0 failed")
    const none = await run("--test-name-pattern=nothing of this name")
    expect(() => summariseOutput(none)).toThrow("TEST_NONE_RAN")
  })

  test("says only that all is well of a test runner that it does not know", () => {
    expect(summariseOutput("  12 passing (34ms)\n")).toBe("ok")
  })
})

test("a registry that does not give an image says why", () => {
  expect(readError("time=1\nmanifest unknown\n")).toMatch(
    /BUILD_IMAGE_UNREADABLE[\s\S]*why: manifest unknown/,
  )
})

test("a secret that is not there is told from other trouble", () => {
  const said = missingSecret('secret env var not found: "NOT..." [traceparent:1-2]')
  expect(said).toMatch(/^error DEPLOY_SECRETS_MISSING: .*\n {2}why: secret env var not found: "NOT\.\.\."\n/)
  expect(missingSecret("exit code: 1")).toBeUndefined()
})
