import * as z from "zod"

/** What is wrong with one variable. Neither field ever holds the value: it may be a secret. */
export interface Problem {
  readonly variable: string
  readonly rule: string
  readonly hint: string
}

const wholeNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine(value => value >= minimum && value <= maximum)

const environments = ["development", "staging", "production"] as const

// Values arrive as text; `prefault` puts the default through the same rules as a given value.
const shape = {
  NODE_ENV: z.enum(["development", "test", "production"]).prefault("development"),
  APP_ENV: z.enum(environments),
  CONFIG_DIR: z.string().prefault("app/config"),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/)
    .prefault("0.0.0.0"),
  PORT: wholeNumber(0, 65_535).prefault("3000"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).prefault("info"),
  APP_DIGEST: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .optional(),
  APP_COMMIT: z
    .string()
    .regex(/^[0-9a-f]{7,64}(-dirty)?$/)
    .optional(),
  APP_VERSION: z
    .string()
    .regex(/^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/)
    .optional(),
  KEEP_ALIVE_TIMEOUT_MS: wholeNumber(0, 600_000).prefault("65000"),
  SHUTDOWN_DRAIN_MS: wholeNumber(0, 300_000).prefault("5000"),
  SHUTDOWN_TIMEOUT_MS: wholeNumber(1, 600_000).prefault("25000"),
  HEALTH_CHECK_TIMEOUT_MS: wholeNumber(1, 60_000).prefault("2000"),
  DIAGNOSTICS: z
    .enum(["on", "off"])
    .transform(value => value === "on")
    .prefault("off"),
}

export type SettingName = keyof typeof shape

// The rule is written out here, because a schema's own message may repeat the rejected value.
export const explanations: Record<SettingName, Omit<Problem, "variable">> = {
  NODE_ENV: {
    rule: "must be development, test or production",
    hint: "the image sets it to production; elsewhere leave it out",
  },
  APP_ENV: {
    rule: "must be development, staging or production",
    hint: "it selects app/config/<APP_ENV>.env; the short form prod is not accepted",
  },
  CONFIG_DIR: { rule: "must be a folder", hint: "leave it out for app/config under the working directory" },
  HOST: {
    rule: "must be an address or a host name",
    hint: "0.0.0.0 listens on every interface, 127.0.0.1 on this machine only",
  },
  PORT: {
    rule: "must be a whole number from 0 to 65535",
    hint: "leave it out for 3000; 0 takes any free port",
  },
  LOG_LEVEL: {
    rule: "must be fatal, error, warn, info, debug, trace or silent",
    hint: "leave it out for info",
  },
  APP_DIGEST: {
    rule: "must be sha256: and 64 lower-case hexadecimal digits",
    hint: "use the digest of the image manifest; a deployment sets it by itself",
  },
  APP_COMMIT: {
    rule: "must be 7 to 64 lower-case hexadecimal digits, -dirty may follow",
    hint: "use the output of git rev-parse HEAD; an image build sets it by itself",
  },
  APP_VERSION: {
    rule: "must be at most 64 letters, digits, dots, pluses, dashes or underscores",
    hint: "use a version such as 1.4.0",
  },
  KEEP_ALIVE_TIMEOUT_MS: {
    rule: "must be a whole number from 0 to 600000",
    hint: "milliseconds; longer than the idle limit of the proxy in front",
  },
  SHUTDOWN_DRAIN_MS: {
    rule: "must be a whole number from 0 to 300000",
    hint: "milliseconds; long enough for the proxy in front to see readiness fail",
  },
  SHUTDOWN_TIMEOUT_MS: {
    rule: "must be a whole number from 1 to 600000 and more than SHUTDOWN_DRAIN_MS",
    hint: "milliseconds, drain included; less than the stop grace period of the container",
  },
  HEALTH_CHECK_TIMEOUT_MS: {
    rule: "must be a whole number from 1 to 60000",
    hint: "milliseconds; less than the limit of whoever asks for the health",
  },
  DIAGNOSTICS: { rule: "must be on or off", hint: "leave it out for off" },
}

/** Every setting by its variable's name, in the order of the documentation. */
export const settingNames = Object.keys(shape) as SettingName[]

/** Whether a name is one of the environments, and so may become a part of a file's name. */
export const isEnvironment = (name: string): boolean => (environments as readonly string[]).includes(name)

const drainFitsTimeout = z.object({ SHUTDOWN_DRAIN_MS: z.number(), SHUTDOWN_TIMEOUT_MS: z.number() })

/** Turns text into typed settings; the issues name the variables in their paths. */
export const settingsSchema = z
  .object(shape)
  .refine(value => value.SHUTDOWN_TIMEOUT_MS > value.SHUTDOWN_DRAIN_MS, {
    path: ["SHUTDOWN_TIMEOUT_MS"],
    // Even while another setting is wrong, as all errors are to be reported at once.
    when: ({ value }) => drainFitsTimeout.safeParse(value).success,
  })

export type Settings = z.output<typeof settingsSchema>
