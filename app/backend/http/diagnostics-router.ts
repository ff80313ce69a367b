import { setTimeout as sleep } from "node:timers/promises"
import { json, Router } from "express"
import { AppError } from "./app-error.ts"

const longestWaitMs = 10_000

/**
 * Routes for load and shutdown tests: `GET /api/diagnostics/wait?ms=5000` answers after that time,
 * `POST /api/diagnostics/echo` returns its JSON. Off unless the setting DIAGNOSTICS is on.
 */
export function diagnosticsRouter(): Router {
  const router = Router()
  router.get("/api/diagnostics/wait", async (request, response) => {
    const ms = Number(request.query.ms)
    if (!Number.isInteger(ms) || ms < 0 || ms > longestWaitMs) throw new AppError("invalid_ms", 400)
    await sleep(ms)
    response.json({ waitedMs: ms })
  })
  router.post("/api/diagnostics/echo", json({ limit: "16kb" }), (request, response) => {
    response.json({ echo: request.body ?? null })
  })
  return router
}
