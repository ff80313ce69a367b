import { close, getContext, getTracer, initialize } from "npm:dagger/telemetry/telemetry.js"
import { context, propagation } from "@opentelemetry/api"
import { trace } from "./trace.ts"

// Reaches only the bundles of modules that use getTracer: starting OpenTelemetry costs more than a short call.

initialize()
const root = getContext()
trace.run = callback => context.with(root, callback)
trace.headers = () => {
  const headers: Record<string, string> = {}
  propagation.inject(context.active(), headers)
  return headers
}
trace.close = close

export { getTracer }
