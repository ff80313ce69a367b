import { expect, test } from "vitest"
import { dockerAccess } from "../../../../ci/src/lib/docker-access.ts"

const nothing = { socket: undefined, host: "", sshKey: undefined, knownHosts: undefined }
const socket = { name: "socket" }
const ssh = { host: "ssh://u@h:22", sshKey: { name: "key" }, knownHosts: { name: "known" } }

test("a socket alone is a socket, also with keys for a host that is not named", () => {
  expect(dockerAccess({ ...nothing, socket })).toEqual({ kind: "socket", socket })
  expect(dockerAccess({ ...ssh, host: "", socket })).toEqual({ kind: "socket", socket })
})

test("a host comes with its key and its known keys", () => {
  const { sshKey, knownHosts } = ssh
  expect(dockerAccess({ ...nothing, ...ssh })).toEqual({ kind: "ssh", url: ssh.host, sshKey, knownHosts })
})

test.each([
  ["DEPLOY_NOT_CONFIGURED", {}],
  ["DEPLOY_TWO_TARGETS", { ...ssh, socket }],
  ["DEPLOY_SSH_KEY_MISSING", { ...ssh, sshKey: undefined }],
  ["DEPLOY_KNOWN_HOSTS_MISSING", { ...ssh, knownHosts: undefined }],
  ["DEPLOY_HOST_ADDRESS", { ...ssh, host: "ssh://u@-oProxyCommand=x" }],
])("%s is an error in the form of all others", (code, given) => {
  expect(() => dockerAccess({ ...nothing, ...given })).toThrow(
    new RegExp(`^error ${code}: .+\\n  why: .+\\n  do:  .+`),
  )
})
