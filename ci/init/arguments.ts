import { InitError } from "./errors.ts"
import type { Needs } from "./stack.ts"

/** They become words of the Dockerfile, the stack file and a command: nothing that these would read as more than a word. */
export function readNeeds(readiness: string, secrets: readonly string[]): Needs {
  if (!/^\/[\w./-]*$/.test(readiness))
    throw unusable(`--readiness ${readiness}`, "a path such as /health/ready")
  const bad = secrets.find(name => !/^[A-Z][A-Z0-9_]*$/.test(name))
  if (bad !== undefined)
    throw unusable(`--secret-names ${bad}`, "a name in capital letters such as DATABASE_URL")
  return { readiness, secrets }
}

function unusable(argument: string, wanted: string): InitError {
  return new InitError("INIT_USAGE", `${argument} is not ${wanted}`, {
    why: "it becomes a part of the Dockerfile and of the stack file",
    todo: `give ${wanted}`,
  })
}
