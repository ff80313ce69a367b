import { type Document, parseDocument } from "yaml"
import { InitError } from "./errors.ts"

/** What a service needs to run. */
export interface Needs {
  /** The path that answers 200 when it may receive requests. */
  readonly readiness: string
  /** The names of its secrets. */
  readonly secrets: readonly string[]
}

/** What is read of a stack file. */
interface StackFile {
  readonly services: { readonly backend: { readonly environment: Readonly<Record<string, string>> } }
}

/** Where Docker puts the settings of the environment; Node reads it. */
const settingsFile = "/run/settings.env"

/**
 * The stack file for a service that answers for all paths. Limits, labels and whatever else was changed in it stay.
 *
 * @param text docker/docker-compose.prod.yml
 */
export function serviceStack(text: string, needs: Needs): string {
  const stack = parseDocument(text)
  insistOnServices(stack)
  for (const path of [
    ["services", "frontend"],
    ["networks", "internal"],
  ])
    stack.deleteIn(path)
  stack.setIn(["services", "edge", "networks"], flow(stack, ["edge"]))
  const probe = `wget -q -O /dev/null http://127.0.0.1:8081${needs.readiness}`
  stack.setIn(["services", "edge", "deploy", "labels", "io.lockstep.probe"], probe)
  stack.setIn(["services", "backend", "configs"], [{ source: "SETTINGS", target: settingsFile }])
  giveEnvironment(stack, needs.secrets)
  giveSecrets(stack, needs.secrets)
  // Of lists the library would pad the brackets as well.
  return stack.toString({ lineWidth: 0 }).replace(/^( *[\w-]+:) \[ (.*) \]$/gm, "$1 [$2]")
}

function insistOnServices(stack: Document): void {
  const missing = ["services.edge.deploy.labels", "services.backend.environment", "configs.SETTINGS"].filter(
    path => !stack.hasIn(path.split(".")),
  )
  if (stack.errors.length === 0 && missing.length === 0) return
  throw new InitError(
    "INIT_STACK_FILE",
    "docker/docker-compose.prod.yml is not the stack file that came with it",
    {
      why: stack.errors[0]?.message.split("\n")[0] ?? `it has no ${missing.join(", ")}`,
      todo: "take it as it came (git log -- docker/docker-compose.prod.yml), put the service in, then change it again",
    },
  )
}

/** What the deployer sets stays; the secrets of the application before go. */
function giveEnvironment(stack: Document, secrets: readonly string[]): void {
  const path = ["services", "backend", "environment"]
  const before = (stack.toJS() as StackFile).services.backend.environment
  for (const name of Object.keys(before)) if (name.endsWith("_FILE")) stack.deleteIn([...path, name])
  for (const name of secrets) stack.setIn([...path, `${name}_FILE`], `/run/secrets/${name}`)
}

/** The deployer makes the files, and knows the secrets by these lines. */
function giveSecrets(stack: Document, secrets: readonly string[]): void {
  if (secrets.length === 0) {
    stack.deleteIn(["services", "backend", "secrets"])
    stack.delete("secrets")
    return
  }
  stack.setIn(["services", "backend", "secrets"], flow(stack, secrets))
  const declared = secrets.map(name => [
    name,
    { name: `lockstep_${name}_\${${name}_VERSION:?}`, file: `\${SECRETS_DIR:?}/${name}` },
  ])
  stack.set("secrets", stack.createNode(Object.fromEntries(declared)))
}

function flow(stack: Document, values: readonly string[]) {
  return stack.createNode(values, { flow: true })
}
