import { AsyncLocalStorage } from "node:async_hooks"

/** What every line logged on behalf of a request carries. */
export interface LogContext {
  readonly requestId: string
}

const storage = new AsyncLocalStorage<LogContext>()

/** Runs `work`, and all that it starts, within the context. */
export const runInContext = <T>(context: LogContext, work: () => T): T => storage.run(context, work)

/** The context of the running request; undefined outside of one. */
export const currentContext = (): LogContext | undefined => storage.getStore()
