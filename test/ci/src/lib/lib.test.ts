import { describe, expect, test } from "vitest"
import { deployArguments, formatArguments } from "../../../../ci/src/lib/deploy-arguments.ts"
import {
  deployableEnvironment,
  environmentTable,
  knownEnvironment,
} from "../../../../ci/src/lib/environments.ts"
import {
  deployerError,
  missingSecret,
  missingSocket,
  pushError,
  readError,
} from "../../../../ci/src/lib/failure.ts"
import { manifestDigest } from "../../../../ci/src/lib/layout.ts"
import { summarise } from "../../../../ci/src/lib/test-summary.ts"

describe("the deployer's command line", () => {
  test("leaves out what was not given", () => {
    const args = deployArguments("staging", ["r/backend@sha256:1", "r/edge@sha256:2"], {
      secrets: false,
      webhook: false,
      replicas: undefined,
      port: undefined,
      timeout: undefined,
      format: "text",
    })
    const images = ["--image", "backend=r/backend@sha256:1", "--image", "edge=r/edge@sha256:2"]
    expect(args).toEqual(["deploy", "--env", "staging", "--stack", "/stack.yml", ...images])
  })

  test("carries replicas, port, time limit and format", () => {
    const args = deployArguments("staging", [], {
      secrets: true,
      webhook: true,
      replicas: 3,
      port: 81,
      timeout: 9,
      format: "json",
    })
    expect(args.slice(5)).toEqual([
      "--secrets",
      "/run/secrets/values",
      "--webhook",
      "/run/secrets/webhook",
      "--replicas",
      "3",
      "--port",
      "81",
      "--timeout",
      "9",
      "--json",
    ])
  })

  test("refuses a format that nobody prints", () => {
    expect(() => formatArguments("xml")).toThrow(/^error DEPLOY_UNKNOWN_FORMAT: .*"xml"/)
  })
})

describe("environments", () => {
  test("are listed with their ports", () => {
    expect(environmentTable()).toMatch(/staging\s+8080\s+deploy\nprod\s+80\s+promotion/)
  })

  test("that take no image directly are refused before anything is built", () => {
    expect(() => deployableEnvironment("prod")).toThrow(/^error DEPLOY_NEEDS_PROMOTION/)
    expect(deployableEnvironment("staging")).toBe("staging")
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
