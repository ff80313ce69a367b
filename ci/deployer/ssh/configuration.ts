import { join } from "node:path"

/**
 * The whole of ssh's configuration: with -F, it reads neither the system's nor the user's.
 *
 * @param dir holds the key and the known hosts
 */
export function configuration(dir: string): string {
  const settings = { ...proof(dir), ...login(dir), ...connection(dir) }
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join("")
}

/** A host that is not in the file is refused, and nothing is ever added to it. */
const proof = (dir: string) => ({
  StrictHostKeyChecking: "yes",
  UserKnownHostsFile: join(dir, "known_hosts"),
  GlobalKnownHostsFile: "/dev/null",
  UpdateHostKeys: "no",
})

const login = (dir: string) => ({
  BatchMode: "yes",
  PreferredAuthentications: "publickey",
  IdentityFile: join(dir, "key"),
  IdentitiesOnly: "yes",
  IdentityAgent: "none",
  ForwardAgent: "no",
  ClearAllForwardings: "yes",
})

/**
 * The deployer runs many short commands: one connection carries them all. A dead one is noticed after a quarter of a
 * minute, and the next command opens another.
 */
const connection = (dir: string) => ({
  ConnectTimeout: "10",
  ServerAliveInterval: "5",
  ServerAliveCountMax: "3",
  ControlMaster: "auto",
  ControlPath: join(dir, "control"),
  ControlPersist: "60",
  // Its errors, but not the greeting of the host.
  LogLevel: "ERROR",
})
