import { Router } from "express"

export interface VersionInfo {
  readonly commit: string | null
  readonly digest: string | null
  readonly version: string | null
  readonly environment: string
  /** ISO time. */
  readonly startedAt: string
}

/** Answers `/api/version` with what runs here; null stands for what nobody told the process. */
export function versionRouter(info: VersionInfo): Router {
  const router = Router()
  router.get("/api/version", (_request, response) => {
    response.set("Cache-Control", "no-store").json(info)
  })
  return router
}
