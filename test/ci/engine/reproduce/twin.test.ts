import { expect, test } from "vitest"
import { twinArguments } from "../../../../ci/engine/reproduce/twin.ts"

const engine = {
  Image: "sha256:1",
  Config: { Env: ["GOGC=400"], Cmd: ["dagger-engine", "--group", "105"] },
  HostConfig: {
    NetworkMode: "lockstep",
    Binds: [
      "/root/.cache/lockstep/engine.conf:/etc/dagger/engine.json:ro",
      "lockstep-engine-state:/var/lib/dagger",
      "/run/lockstep:/run/dagger",
    ],
  },
}

test("an engine's twin has its image, network, variables and settings, and a state and a socket of its own", () => {
  const args = twinArguments("two", engine, { sockets: "/tmp/two" })
  const line = args.join(" ")
  expect(line).toContain("--name two --label io.lockstep.kit=reproduce")
  expect(line).toContain("--network lockstep -v two:/var/lib/dagger")
  expect(line).toContain("-v /root/.cache/lockstep/engine.conf:/etc/dagger/engine.json:ro -e GOGC=400")
  expect(line).not.toContain("lockstep-engine-state")
  expect(line).toContain("-v /tmp/two:/run/dagger")
  expect(line).not.toContain("/run/lockstep")
  expect(args.slice(-4)).toEqual(["sha256:1", "dagger-engine", "--group", "105"])
})

test("the official engine, which the CLI starts without mounts and words of its own, has one as well", () => {
  const official = {
    ...engine,
    Config: { Env: [], Cmd: null },
    HostConfig: { NetworkMode: "default", Binds: null },
  }
  expect(twinArguments("two", official).slice(-3)).toEqual(["-v", "two:/var/lib/dagger", "sha256:1"])
})

test("an engine behind a proxy has the proxy's network, address and authority instead of the others'", () => {
  const proxied = { ...engine, Config: { ...engine.Config, Env: ["HTTP_PROXY=http://company:1"] } }
  const proxy = { url: "http://10.0.0.2:5080", certificate: "/cache/authority.crt" }
  const line = twinArguments("two", proxied, { detour: { network: "two", proxy } }).join(" ")
  expect(line).toContain("--network two ")
  expect(line).not.toContain("--network lockstep")
  expect(line.lastIndexOf("HTTP_PROXY=http://10.0.0.2:5080")).toBeGreaterThan(line.indexOf("company"))
  expect(line).toContain("-v /cache/authority.crt:/usr/local/share/ca-certificates/lockstep-proxy.crt:ro")
})
