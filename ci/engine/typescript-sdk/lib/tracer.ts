import { Tracer } from "npm:dagger/telemetry/tracer.js"

// In place of telemetry.ts where no engine collects spans, such as in a module's own unit tests.

/** A tracer whose spans go wherever the program sends them. */
export function getTracer(name = "dagger.io/sdk.typescript"): object {
  return new Tracer(name)
}
