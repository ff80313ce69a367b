// The parts of npm's @dagger.io/dagger that are used here. Its package does not export them; library.ts says
// where `npm:dagger/` leads.

declare module "npm:dagger/common/context.js" {
  export class Context {
    constructor(queryTree?: unknown[], connection?: unknown)
  }
}

declare module "npm:dagger/common/graphql/connection.js" {
  type GraphQLClient = import("./graphql.ts").GraphQLClient
  export class Connection {
    constructor(client?: GraphQLClient)
    setGQLClient(client: GraphQLClient): void
    resetClient(): void
  }
  export const globalConnection: Connection
}

declare module "npm:dagger/common/errors/index.js" {
  export class ExecError extends Error {
    extensions?: Record<string, unknown>
  }
  export class GraphQLRequestError extends Error {
    extensions?: Record<string, unknown>
  }
}

declare module "npm:dagger/module/decorators.js" {
  type Decorator = (...options: unknown[]) => (...target: unknown[]) => unknown
  export const argument: Decorator
  export const check: Decorator
  export const enumType: Decorator
  export const field: Decorator
  export const func: Decorator
  export const generate: Decorator
  export const object: Decorator
}

declare module "npm:dagger/module/executor.js" {
  export class Executor {
    constructor(modules: Record<string, unknown>[], model: object)
  }
}

declare module "npm:dagger/module/entrypoint/invoke.js" {
  type Executor = import("npm:dagger/module/executor.js").Executor
  interface Invocation {
    parentName: string
    fnName: string
    parentArgs: Record<string, unknown>
    fnArgs: Record<string, unknown>
  }
  export function invoke(executor: Executor, model: object, invocation: Invocation): Promise<unknown>
}

declare module "npm:dagger/module/introspector/index.js" {
  type ScannedModule = import("./describe.ts").ScannedModule
  export function scan(files: string[], moduleName: string, load: boolean): Promise<ScannedModule>
}

declare module "npm:dagger/module/introspector/case_convertor.js" {
  export function convertToPascalCase(input: string): string
}

declare module "npm:dagger/telemetry/telemetry.js" {
  type Context = import("@opentelemetry/api").Context
  export function initialize(): void
  export function close(): Promise<void>
  export function getContext(): Context
  export function getTracer(name?: string): object
}

declare module "npm:dagger/telemetry/tracer.js" {
  export class Tracer {
    constructor(name: string)
  }
}

declare module "@opentelemetry/api" {
  export type Context = object
  export const context: { active(): Context; with<T>(root: Context, callback: () => T): T }
  export const propagation: { inject(context: Context, carrier: Record<string, string>): void }
}

declare module "generated:client" {
  interface EngineError {
    withValue(name: string, value: string): EngineError
  }
  export class Client {
    constructor(context: unknown)
  }
  export const dag: {
    error(message: string): EngineError
    currentFunctionCall(): { returnError(error: EngineError): Promise<void> }
  }
}
