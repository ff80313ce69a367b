import { dag } from "generated:client"
import { ExecError, GraphQLRequestError } from "npm:dagger/common/errors/index.js"
import { globalConnection } from "npm:dagger/common/graphql/connection.js"
import { invoke } from "npm:dagger/module/entrypoint/invoke.js"
import { Executor } from "npm:dagger/module/executor.js"
import { sessionClient } from "./connection.ts"
import type { ModuleDescription } from "./description.ts"
import type { GraphQLClient } from "./graphql.ts"
import { revive } from "./model.ts"
import { register } from "./register.ts"
import { trace } from "./trace.ts"

type Exports = Record<string, unknown>

interface FunctionCall {
  parentName: string
  name: string
  parent: string
  inputArgs: { name: string; value: string }[]
}

export interface Module {
  describe(): ModuleDescription
  load(): Promise<Exports[]>
}

/** Answers the one call that the engine started this process for. */
export async function serve(module: Module): Promise<void> {
  if (process.argv[2] === "--warm") return warm(module)
  const client = sessionClient()
  globalConnection.setGQLClient(client)
  try {
    await returnValue(client, await answer(client, module))
  } catch (error) {
    process.exitCode = 1
    await dag.currentFunctionCall().returnError(engineError(error))
  } finally {
    await trace.close()
  }
  // A timer or socket that the function left behind must not hold the engine up.
  process.exit()
}

/** Loads all that a call loads, for the sake of Node's compile cache. */
async function warm(module: Module): Promise<void> {
  await module.load()
  revive(module.describe())
}

async function answer(client: GraphQLClient, module: Module): Promise<unknown> {
  const call = await currentCall(client)
  // A call without an object asks what the module consists of.
  if (call.parentName === "") return register(client, module.describe())
  const loaded = await module.load()
  const model = revive(module.describe())
  return trace.run(() =>
    invoke(new Executor(loaded, model), model, {
      parentName: call.parentName,
      fnName: call.name,
      parentArgs: JSON.parse(call.parent) ?? {},
      fnArgs: Object.fromEntries(call.inputArgs.map(arg => [arg.name, JSON.parse(arg.value)])),
    }),
  )
}

async function currentCall(client: GraphQLClient): Promise<FunctionCall> {
  const query = "{currentFunctionCall{parentName name parent inputArgs{name value}}}"
  return (await client.request<{ currentFunctionCall: FunctionCall }>(query)).currentFunctionCall
}

async function returnValue(client: GraphQLClient, value: unknown): Promise<void> {
  const query = "query($value:JSON!){currentFunctionCall{returnValue(value:$value)}}"
  await client.request(query, { value: JSON.stringify(value ?? null) })
}

/** The engine shows an error's message, and takes the exit code of a failed exec from its values. */
function engineError(thrown: unknown) {
  if (!(thrown instanceof Error)) return dag.error(typeof thrown === "string" ? thrown : text(thrown))
  if (!(thrown instanceof ExecError || thrown instanceof GraphQLRequestError))
    return dag.error(thrown.message)
  return Object.entries(thrown.extensions ?? {})
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .reduce((error, [key, value]) => error.withValue(key, JSON.stringify(value)), dag.error(thrown.message))
}

function text(thrown: unknown): string {
  try {
    return JSON.stringify(thrown) ?? String(thrown)
  } catch {
    return String(thrown)
  }
}
