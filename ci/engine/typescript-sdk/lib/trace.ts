/**
 * How a call takes part in the engine's trace. Without OpenTelemetry the function's span is the parent of
 * everything that it asks the engine for; telemetry.ts replaces this when the module makes spans of its own.
 */
export interface Trace {
  run<T>(callback: () => Promise<T>): Promise<T>
  headers(): Record<string, string>
  close(): Promise<void>
}

export const trace: Trace = {
  run: callback => callback(),
  headers: () => (process.env.TRACEPARENT ? { traceparent: process.env.TRACEPARENT } : {}),
  close: async () => {},
}
