import { describe, expect, it } from "vitest"
import { serviceLogs } from "../../../../ci/deployer/docker/commands.ts"
import { inOrder, logJson, logText, parseLogLine } from "../../../../ci/deployer/logs/line.ts"
import { sinceFrom } from "../../../../ci/deployer/logs/since.ts"

describe("--since", () => {
  it.each([
    ["90s", "90s"],
    ["10m", "10m"],
    ["3d", "72h"],
    ["2026-11-24", "2026-11-24T00:00:00.000Z"],
    ["2026-11-24T17:30", "2026-11-24T17:30:00.000Z"],
    ["2026-11-24T17:30:01+02:00", "2026-11-24T15:30:01.000Z"],
  ])("%s is %s for Docker, whatever this machine's zone", (given, wanted) => {
    expect(sinceFrom(given)).toBe(wanted)
  })

  it.each([
    "",
    "10",
    "m",
    "10m; id",
    "-1m",
    "--follow",
    "10m\n",
    "yesterday",
    "2026-13-01",
    "2026-11-24 17:30",
    "$(id)",
  ])("%j is refused", given => {
    expect(() => sinceFrom(given)).toThrowError(expect.objectContaining({ code: "DEPLOY_USAGE" }))
  })
})

it("asks Docker for what was asked for, and no more", () => {
  const of = (more: object) =>
    serviceLogs("s1", { since: undefined, tail: undefined, follow: false, ...more }).slice(4)
  expect(of({})).toEqual(["s1"])
  expect(of({ since: "10m", tail: 0, follow: true })).toEqual([
    "--since",
    "10m",
    "--tail",
    "0",
    "--follow",
    "s1",
  ])
})

const line = (text: string, time = "2026-11-24T21:19:25.911241604Z") =>
  parseLogLine("edge", `${time} ${text}`)

describe("a line of a log", () => {
  it("has its service in front, in a column", () => {
    expect(logText(line("hello"), 8)).toBe("edge     | hello")
  })

  it("can neither move the cursor nor colour the terminal", () => {
    expect(logText(line("a\u001b[2Jb\rc\td\u009b1m"), 4)).toBe("edge | a[2Jbc\td1m")
  })

  it("keeps the application's own object, with the service in it", () => {
    expect(JSON.parse(logJson(line('{"level":"info","service":"shop"}')))).toEqual({
      level: "info",
      service: "edge",
    })
  })

  it.each(["plain words", "{broken", "", '"{}"'])("becomes an object when it is none: %j", text => {
    expect(JSON.parse(logJson(line(text)))).toEqual({
      ...{ timestamp: "2026-11-24T21:19:25.911241604Z", service: "edge", message: text },
    })
  })

  it("of Docker itself has no time, and stays whole", () => {
    expect(parseLogLine("edge", "error from daemon")).toEqual({
      service: "edge",
      time: "",
      text: "error from daemon",
    })
  })

  it("stands among those of other services in the order of time", () => {
    const lines = ["03", "01", "02"].map(second => line(second, `2026-11-24T21:19:${second}.5Z`))
    expect(inOrder(lines).map(({ text }) => text)).toEqual(["01", "02", "03"])
  })
})
