import { Context } from "npm:dagger/common/context.js"
import { Connection, globalConnection } from "npm:dagger/common/graphql/connection.js"
import { GraphQLClient } from "./graphql.ts"

/** A client of the engine session that this process runs in. */
export function sessionClient(): GraphQLClient {
  const { DAGGER_SESSION_PORT: port, DAGGER_SESSION_TOKEN: token } = process.env
  if (!port || !token)
    throw new Error("no Dagger session: run this with `dagger run` or as a module's function")
  const authorization = `Basic ${Buffer.from(`${token}:`).toString("base64")}`
  return new GraphQLClient(`http://127.0.0.1:${port}/query`, { headers: { authorization } })
}

/** Runs the callback with `dag` connected to the session. */
export async function connection(callback: () => Promise<void>): Promise<void> {
  globalConnection.setGQLClient(sessionClient())
  try {
    await callback()
  } finally {
    globalConnection.resetClient()
  }
}

/** Runs the callback with a client of its own. */
export async function connect<T>(callback: (client: unknown) => Promise<T>): Promise<T> {
  // Imported here because the generated client itself needs this module's neighbours to be loaded first.
  const { Client } = await import("generated:client")
  return callback(new Client(new Context([], new Connection(sessionClient()))))
}
