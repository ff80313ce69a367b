import * as z from "zod"
import { ErrorClass } from "./schemas.ts"

/** As in draft-inadarei-api-health-check-06: `warn` still takes traffic, `fail` does not. */
export const IetfStatus = z.enum(["pass", "warn", "fail"])
export type IetfStatus = z.infer<typeof IetfStatus>

const Measurement = z.strictObject({
  componentType: z.enum(["component", "system"]),
  status: IetfStatus,
  observedValue: z.number().nonnegative().optional(),
  observedUnit: z.enum(["ms", "s"]).optional(),
  time: z.iso.datetime().optional(),
  output: z.union([ErrorClass, z.literal("stale"), z.literal("not checked yet")]).optional(),
})
export type Measurement = z.infer<typeof Measurement>

/** `GET /health` as application/health+json, with all details. */
export const IetfAnswer = z.strictObject({
  status: IetfStatus,
  version: z.string().optional(),
  releaseId: z.string().optional(),
  serviceId: z.string(),
  notes: z.array(z.string()),
  checks: z.record(z.string(), z.array(Measurement)),
})
export type IetfAnswer = z.infer<typeof IetfAnswer>

/** Every other answer as application/health+json. */
export const IetfBrief = z.strictObject({ status: IetfStatus })
