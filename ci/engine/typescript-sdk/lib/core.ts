// What `@dagger.io/dagger` exports besides the generated client.
export { Context } from "npm:dagger/common/context.js"
export * from "npm:dagger/common/errors/index.js"
export { argument, check, enumType, field, func, generate, object } from "npm:dagger/module/decorators.js"
export { connect, connection } from "./connection.ts"
export { GraphQLClient } from "./graphql.ts"
export { getTracer } from "./telemetry.ts"
