import { CheckError } from "../../../../app/backend/health/check-error.ts"
import type { ErrorClass } from "../../../../app/backend/health/schemas.ts"
import type { HealthCheck, HealthLogger } from "../../../../app/backend/health/types.ts"

export const check = (name: string, run: HealthCheck["run"]): HealthCheck => ({
  name,
  enabled: true,
  backsOff: true,
  run,
})

export const passes = async (): Promise<void> => {}
export const hangs = (): Promise<void> => new Promise(() => {})
export const fails = (errorClass: ErrorClass) => async (): Promise<void> => {
  throw new CheckError(errorClass)
}

export type Line = { readonly level: string; readonly message: string } & Record<string, unknown>

/** Keeps what was logged. */
export function collectLines(): { logger: HealthLogger; lines: Line[] } {
  const lines: Line[] = []
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ ...fields, level, message })
  return { logger: { info: at("info"), warn: at("warn") }, lines }
}
