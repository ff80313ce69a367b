import { DeployError } from "../errors.ts"

const guide = 'docs/deployment/README.md, "Another host"'

/**
 * Why there is no connection.
 *
 * @param said all that ssh printed
 */
export function connectionFailure(host: string, said: string): DeployError {
  if (/IDENTIFICATION HAS CHANGED|REVOKED HOST KEY/.test(said)) return hostKeyChanged(host, said)
  if (/Host key verification failed/.test(said)) return hostKeyUnknown(host, said)
  if (/Permission denied|Too many authentication failures/.test(said)) return keyRefused(host, said)
  return new DeployError("DEPLOY_HOST_UNREACHABLE", `there is no ssh connection to ${host}`, {
    why: lastLine(said),
    todo: "check the address and port, that sshd runs there, and that no firewall is in between",
  })
}

/**
 * Why the connection stands, but no Docker answers.
 *
 * @param code the exit code of `docker version` there
 * @param said all that it printed
 */
export function dockerFailure(host: string, code: number, said: string): DeployError {
  if (code === 127) {
    return new DeployError("DEPLOY_HOST_NO_DOCKER", `there is no docker command on ${host}`, {
      why: lastLine(said),
      todo: `install Docker 20.10 or newer there; ${guide}, says what else the host needs`,
    })
  }
  if (/permission denied/i.test(said)) {
    return new DeployError("DEPLOY_HOST_NOT_PERMITTED", `this user may not use Docker on ${host}`, {
      why: lastLine(said),
      todo: "add the user to the group docker there (`sudo usermod -aG docker USER`), or log in as another",
    })
  }
  return new DeployError("DEPLOY_DOCKER_UNREACHABLE", `Docker does not answer on ${host}`, {
    why: lastLine(said),
    todo: "check that dockerd runs there (`sudo systemctl status docker`)",
  })
}

/** @param said what ssh-keygen printed; it names the file, but nothing of its content */
export function keyUnusable(said: string): DeployError {
  const locked = /passphrase/.test(said)
  return new DeployError("DEPLOY_SSH_KEY_UNUSABLE", "the ssh key cannot be used", {
    why: locked
      ? "it has a passphrase, and nobody is there to type it"
      : "it is no private key that ssh can read",
    todo: "give the whole file of a private key without passphrase, such as `ssh-keygen -t ed25519 -N '' -f KEY` makes",
    outcome: "usage",
  })
}

function hostKeyUnknown(host: string, said: string): DeployError {
  return new DeployError("DEPLOY_HOST_KEY_UNKNOWN", `the key of ${host} is not known`, {
    why: /^No .*$/m.exec(said)?.[0] ?? lastLine(said),
    todo: `add the host's line to the known hosts: ${guide}, says how to get it safely`,
  })
}

function hostKeyChanged(host: string, said: string): DeployError {
  const fingerprint = /\bSHA256:[\w+/]+/.exec(said)?.[0] ?? "another key"
  return new DeployError("DEPLOY_HOST_KEY_CHANGED", `${host} shows another key than the known one`, {
    why: `it sent ${fingerprint}: somebody else answers in its place, or it was set up anew`,
    todo: `ask who runs the host. If its key is new, replace its line in the known hosts: ${guide}`,
  })
}

function keyRefused(host: string, said: string): DeployError {
  return new DeployError("DEPLOY_SSH_KEY_REFUSED", `${host} does not accept the ssh key`, {
    why: lastLine(said),
    todo: "add the key's public half to ~/.ssh/authorized_keys of that user on the host, or correct user or key",
  })
}

function lastLine(said: string): string {
  return said.split("\n").at(-1)?.trim() || "it said nothing"
}
