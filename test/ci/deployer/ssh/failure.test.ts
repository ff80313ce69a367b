import { describe, expect, it } from "vitest"
import { connectionFailure, dockerFailure, keyUnusable } from "../../../../ci/deployer/ssh/failure.ts"

// What OpenSSH 9.2 and Docker 20.10 print.
const changed = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
The fingerprint for the ED25519 key sent by the remote host is
SHA256:Tqwxg9zD1ZANku8AgKjH+Yzd+513avqS6j9DrFsbzTo.
Offending ED25519 key in /tmp/lockstep-ssh-KiL1Fb/known_hosts:1
Host key for h has changed and you have requested strict checking.
Host key verification failed.`
const unknown = `No ED25519 host key is known for h and you have requested strict checking.
Host key verification failed.`

describe("no connection", () => {
  it.each([
    [changed, "DEPLOY_HOST_KEY_CHANGED", "it sent SHA256:Tqwxg9zD1ZANku8AgKjH+Yzd+513avqS6j9DrFsbzTo:"],
    [unknown, "DEPLOY_HOST_KEY_UNKNOWN", "No ED25519 host key is known for h"],
    ["u@h: Permission denied (publickey).", "DEPLOY_SSH_KEY_REFUSED", "Permission denied (publickey)"],
    ["ssh: connect to host h port 22: No route to host", "DEPLOY_HOST_UNREACHABLE", "No route to host"],
    ["kex_exchange_identification: read: reset", "DEPLOY_HOST_UNREACHABLE", "reset"],
    ["", "DEPLOY_HOST_UNREACHABLE", "it said nothing"],
  ])("because of %j", (said, code, why) => {
    const failure = connectionFailure("h", said)
    expect(failure).toMatchObject({ code, outcome: "refused", message: expect.stringContaining("h") })
    expect(failure.why).toContain(why)
  })
})

describe("no Docker behind the connection", () => {
  it.each([
    [127, "bash: line 1: docker: command not found", "DEPLOY_HOST_NO_DOCKER"],
    [1, "dial unix /var/run/docker.sock: connect: permission denied", "DEPLOY_HOST_NOT_PERMITTED"],
    [1, "Got permission denied while trying to connect to the Docker daemon", "DEPLOY_HOST_NOT_PERMITTED"],
    [1, "Cannot connect to the Docker daemon at unix:///x.", "DEPLOY_DOCKER_UNREACHABLE"],
    [1, "This account is currently not available.", "DEPLOY_DOCKER_UNREACHABLE"],
  ])("exit code %i, %j", (code, said, expected) => {
    expect(dockerFailure("h", code, said)).toMatchObject({ code: expected, outcome: "refused", why: said })
  })
})

describe("a key that cannot be used", () => {
  it("is told from one with a passphrase, without what was printed", () => {
    const locked = keyUnusable('Load key "/tmp/key": incorrect passphrase supplied to decrypt private key')
    expect(locked.why).toContain("passphrase")
    const broken = keyUnusable('Load key "/tmp/key": error in libcrypto')
    expect(broken.why).toBe("it is no private key that ssh can read")
  })
})
