// The types of core.js: what `@dagger.io/dagger` exports besides the client generated for the module.
import type { Client } from "./client.gen.js"

/** A query that is being built; the generated client extends it call by call. */
export declare class Context {
  constructor(queryTree?: QueryTree[], connection?: unknown)
  getGQLClient(): GraphQLClient
  copy(): Context
  select(operation: string, args?: Record<string, unknown>): Context
  execute<T>(): Promise<T>
}

export interface QueryTree {
  operation: string
  args?: Record<string, unknown>
}

export declare class GraphQLClient {
  constructor(url: string, options?: { headers?: Record<string, string> })
  readonly url: string
  request<T = unknown>(query: string, variables?: Record<string, unknown>): Promise<T>
}

/** Runs the callback with `dag` connected to the session that this process runs in. */
export declare function connection(callback: () => Promise<void>): Promise<void>

/** Runs the callback with a client of its own. */
export declare function connect<T>(callback: (client: Client) => Promise<T>): Promise<T>

export interface FunctionOptions {
  /** "never", "session" (for as long as the client is connected) or a duration such as "5m"; seven days by default. */
  cache?: "never" | "session" | (string & {})
  /** The function's name on the command line and in the API, if it is not the method's. */
  alias?: string
}

export interface ArgumentOptions {
  /** Directory or File: loaded from here when the caller gives none. "/" is the root of the repository. */
  defaultPath?: string
  /** Directory: patterns of what to leave out. */
  ignore?: string[]
  /** Container: the image to use when the caller gives none. */
  defaultAddress?: string
}

type Class = abstract new (...args: never[]) => unknown
type MemberDecorator = (target: object, name: string | symbol, descriptor?: PropertyDescriptor) => void

/** Makes the class a type of the module's API. */
export declare function object(): <T extends Class>(decorated: T) => T

/** Makes the method a function, or the property a field, of the module's API. */
export declare function func(options?: FunctionOptions | string): MemberDecorator

/** Makes the function one that `dagger check` runs: it passes unless it throws. */
export declare function check(): MemberDecorator

/** Makes the function one that `dagger generate` runs. */
export declare function generate(): MemberDecorator

/** @deprecated `@func()` does the same. */
export declare function field(alias?: string): MemberDecorator

/** @deprecated TypeScript's own `enum` needs no decorator. */
export declare function enumType(): <T extends Class>(decorated: T) => T

/** Says more about a function's or constructor's argument. */
export declare function argument(
  options?: ArgumentOptions,
): (target: object, name: string | undefined, parameterIndex: number) => void

interface Span {
  setAttribute(key: string, value: unknown): this
  addEvent(name: string, attributes?: Record<string, unknown>): this
  end(): void
}

/** Makes spans that appear below the function's own in the terminal. */
export declare function getTracer(name?: string): {
  startSpan(name: string, attributes?: Record<string, unknown>): Span
  startActiveSpan<T>(
    name: string,
    callback: (span: Span) => Promise<T>,
    attributes?: Record<string, unknown>,
  ): Promise<T>
}

export declare const ERROR_CODES: Readonly<Record<string, string>>

export declare abstract class DaggerSDKError extends Error {
  readonly code: string
  printStackTrace(): void
}

/** A command in a container ended with an exit code that was not expected. */
export declare class ExecError extends DaggerSDKError {
  readonly cmd: string[]
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  readonly extensions?: Record<string, unknown>
}

/** The engine answered with an error. */
export declare class GraphQLRequestError extends DaggerSDKError {
  readonly extensions?: Record<string, unknown>
}

export declare class UnknownDaggerError extends DaggerSDKError {}
export declare class DockerImageRefValidationError extends DaggerSDKError {}
export declare class EngineSessionConnectParamsParseError extends DaggerSDKError {}
export declare class EngineSessionConnectionTimeoutError extends DaggerSDKError {}
export declare class EngineSessionError extends DaggerSDKError {}
export declare class InitEngineSessionBinaryError extends DaggerSDKError {}
export declare class TooManyNestedObjectsError extends DaggerSDKError {}
export declare class NotAwaitedRequestError extends DaggerSDKError {}
export declare class FunctionNotFound extends DaggerSDKError {}
export declare class IntrospectionError extends DaggerSDKError {}
