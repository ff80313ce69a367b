import { createServer } from "node:net"
import { KitError } from "../lib/errors.ts"
import { run } from "../lib/run.ts"
import type { Project } from "./project.ts"
import { portNames } from "./settings.ts"

/**
 * Asks before Docker does, whose message would not say which setting to change. What the project's own containers
 * listen on counts as free.
 *
 * @throws KitError KIT_DEV_PORT_TAKEN
 */
export async function checkPorts({ settings, label }: Project): Promise<void> {
  const format = ["--format", "{{.Ports}}"]
  const own = await run("docker", ["ps", "--filter", `label=${label}`, ...format])
  for (const name of portNames) {
    const port = settings[name]
    if (!own.includes(`127.0.0.1:${port}->`) && (await isTaken(Number(port)))) throw taken(name, port)
  }
}

/** A port that this user may not listen on is no concern here: Docker may. */
async function isTaken(port: number): Promise<boolean> {
  return await new Promise(resolve => {
    const server = createServer()
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE"))
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(false)))
  })
}

function taken(name: string, port: string): KitError {
  return new KitError("KIT_DEV_PORT_TAKEN", `port ${port} is taken`, {
    why: "another program listens on it, perhaps the development environment of another clone",
    fix: `stop that program (ss -ltnp shows it), or set ${name} in .env to a free port; then run the same command again`,
  })
}
