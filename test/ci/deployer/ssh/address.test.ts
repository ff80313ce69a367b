import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { DeployError } from "../../../../ci/deployer/errors.ts"
import { parseSshAddress, sshUrl } from "../../../../ci/deployer/ssh/address.ts"

describe("the address of a host", () => {
  it.each([
    ["ssh://root@10.0.0.7", { user: "root", host: "10.0.0.7", port: undefined }],
    ["ssh://deploy@web-1.example.com:2222", { user: "deploy", host: "web-1.example.com", port: 2222 }],
    ["ssh://a.b_c@h:1", { user: "a.b_c", host: "h", port: 1 }],
    ["ssh://u@[2001:db8::1]", { user: "u", host: "2001:db8::1", port: undefined }],
    ["ssh://u@[::ffff:10.0.0.7]:65535", { user: "u", host: "::ffff:10.0.0.7", port: 65_535 }],
  ])("is read, and written again: %s", (text, address) => {
    expect(parseSshAddress(text)).toEqual(address)
    expect(sshUrl(parseSshAddress(text))).toBe(text)
  })

  it.each([
    "",
    "host",
    "ssh://host",
    "http://u@host",
    "SSH://u@host",
    "ssh://@host",
    "ssh://u@",
    "ssh://-oProxyCommand=x",
    "ssh://u@-oProxyCommand=x",
    "ssh://-l@host",
    "ssh://u@host/path",
    "ssh://u@host?x",
    "ssh://u@host ",
    " ssh://u@host",
    "ssh://u@host\n",
    "ssh://u@host\nProxyCommand x",
    "ssh://u;x@host",
    "ssh://u'@host",
    'ssh://u@"host"',
    "ssh://u@$(x)",
    "ssh://u@host:",
    "ssh://u@host:0",
    "ssh://u@host:65536",
    "ssh://u@host:22x",
    "ssh://u@host:022",
    "ssh://u@a@host",
    "ssh://u@host..x",
    "ssh://u@ho%st",
    "ssh://u@[host]",
    "ssh://u@[::1",
    "ssh://u@[fe80::1%eth0]",
    "ssh://u@::1",
    `ssh://u@${"a".repeat(64)}`,
    `ssh://${"u".repeat(33)}@host`,
  ])("is refused when it is %j", text => {
    expect(() => parseSshAddress(text)).toThrow(
      expect.objectContaining({ code: "DEPLOY_HOST_ADDRESS", outcome: "usage" }),
    )
  })

  it("is never printed: there may be a password in it", () => {
    const thrown = catching("ssh://u:hunter2@host")
    expect(thrown?.why).toContain("password")
    expect(JSON.stringify({ ...thrown })).not.toContain("hunter2")
  })

  it("becomes arguments that no shell and no ssh takes for anything else, whatever was given", () => {
    const pieces = ["ssh://", "@", ":", "-", "o", "[", "]", " ", "\n", "'", "$", "%", "/", "a", "1", "."]
    const nearly = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map(parts => parts.join(""))
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      nearly,
      nearly.map(rest => `ssh://u@${rest}`),
    )
    fc.assert(
      fc.property(text, given => {
        const address = accepted(given)
        if (!address) return
        expect(address.user).toMatch(/^[A-Za-z_][\w.-]*$/)
        expect(address.host).toMatch(/^[A-Za-z0-9:][A-Za-z0-9.:-]*$/)
        expect(sshUrl(address)).toBe(given)
      }),
      { numRuns: 20_000 },
    )
  })
})

function catching(text: string): DeployError | undefined {
  try {
    parseSshAddress(text)
  } catch (error) {
    if (error instanceof DeployError) return error
  }
  return undefined
}

function accepted(text: string) {
  return catching(text) ? undefined : parseSshAddress(text)
}
