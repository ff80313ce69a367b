import * as z from "zod"

/** Whether the text is a whole number between the two, both included. */
const wholeNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine(value => value >= minimum && value <= maximum)

const onOff = z.enum(["on", "off"]).transform(value => value === "on")

// What may stand in an HTTP header: a key with a stray newline would make each request fail, and be hard to see.
const secret = (minimum: number) => z.string().regex(new RegExp(`^[\\x21-\\x7e]{${minimum},512}$`))

const dependencies = ["pinecone", "llm-api"] as const

const dependencyList = z
  .string()
  .transform(text => text.split(","))
  .pipe(z.array(z.enum(dependencies)))

const environments = ["development", "staging", "production"] as const

/** Whether a name is one of the environments, and so may become a part of a file's name. */
export const isEnvironment = (name: string): boolean => (environments as readonly string[]).includes(name)

/** A base URL without what could hide a key or break the path that is added to it. */
const plainUrl = z.string().refine(text => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  if (!["http:", "https:"].includes(url.protocol)) return false
  return !url.username && !url.password && !url.search && !url.hash
})

/**
 * Every setting by its variable's name, in the order of the documentation. Values arrive as text; `prefault` puts
 * the default through the same rules as a given value. The explanation is written out here, because a schema's own
 * message may repeat the rejected value.
 */
export const shape = {
  NODE_ENV: explained(
    z.enum(["development", "test", "production"]).prefault("development"),
    "must be development, test or production",
    "the image sets it to production; elsewhere leave it out",
  ),
  APP_ENV: explained(
    z.enum(environments),
    "must be development, staging or production",
    "it selects app/config/<APP_ENV>.env; the short form prod is not accepted",
  ),
  CONFIG_DIR: explained(
    z.string().prefault("app/config"),
    "must be a folder",
    "leave it out for app/config under the working directory",
  ),
  HOST: explained(
    z
      .string()
      .regex(/^[A-Za-z0-9.:_-]{1,253}$/)
      .prefault("0.0.0.0"),
    "must be an address or a host name",
    "0.0.0.0 listens on every interface, 127.0.0.1 on this machine only",
  ),
  PORT: explained(
    wholeNumber(0, 65_535).prefault("3000"),
    "must be a whole number from 0 to 65535",
    "leave it out for 3000; 0 takes any free port",
  ),
  LOG_LEVEL: explained(
    z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).prefault("info"),
    "must be fatal, error, warn, info, debug, trace or silent",
    "leave it out for info",
  ),
  LOG_FILE: explained(
    z
      .string()
      .regex(/^[^\0]{1,1024}[^/\0]$/)
      .optional(),
    "must be the path of a file",
    "its folder must be writable for the user of this process; leave it out to log to stdout only",
  ),
  LOG_FILE_MAX_MB: explained(
    wholeNumber(1, 10_000).prefault("10"),
    "must be a whole number from 1 to 10000",
    "megabytes in one file before the next one begins",
  ),
  LOG_FILE_MAX_AGE_HOURS: explained(
    wholeNumber(1, 8784).prefault("24"),
    "must be a whole number from 1 to 8784",
    "hours of one file before the next one begins",
  ),
  LOG_FILE_MAX_FILES: explained(
    wholeNumber(1, 1000).prefault("7"),
    "must be a whole number from 1 to 1000",
    "files that are kept, the present one included",
  ),
  LOG_FILE_MAX_TOTAL_MB: explained(
    wholeNumber(1, 1_000_000).prefault("100"),
    "must be a whole number from 1 to 1000000",
    "megabytes of all the files together",
  ),
  LOG_FILE_COMPRESS: explained(onOff.prefault("off"), "must be on or off", "on compresses finished files"),
  APP_DIGEST: explained(
    z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/)
      .optional(),
    "must be sha256: and 64 lower-case hexadecimal digits",
    "use the digest of the image manifest; a deployment sets it by itself",
  ),
  APP_COMMIT: explained(
    z
      .string()
      .regex(/^[0-9a-f]{7,64}(-dirty)?$/)
      .optional(),
    "must be 7 to 64 lower-case hexadecimal digits, -dirty may follow",
    "use the output of git rev-parse HEAD; an image build sets it by itself",
  ),
  APP_VERSION: explained(
    z
      .string()
      .regex(/^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/)
      .optional(),
    "must be at most 64 letters, digits, dots, pluses, dashes or underscores",
    "use a version such as 1.4.0",
  ),
  KEEP_ALIVE_TIMEOUT_MS: explained(
    wholeNumber(0, 600_000).prefault("65000"),
    "must be a whole number from 0 to 600000",
    "milliseconds; longer than the idle limit of the proxy in front",
  ),
  SHUTDOWN_DRAIN_MS: explained(
    wholeNumber(0, 300_000).prefault("5000"),
    "must be a whole number from 0 to 300000",
    "milliseconds; long enough for the proxy in front to see readiness fail",
  ),
  SHUTDOWN_TIMEOUT_MS: explained(
    wholeNumber(1, 600_000).prefault("25000"),
    "must be a whole number from 1 to 600000",
    "milliseconds, drain included; less than the stop grace period of the container",
  ),
  HEALTH_TOKEN: explained(
    secret(16).optional(),
    "must be 16 to 512 printable characters without a space",
    "make one with openssl rand -hex 32; leave it out to show the details to everyone",
  ),
  HEALTH_CHECK_INTERVAL_MS: explained(
    wholeNumber(100, 3_600_000).prefault("30000"),
    "must be a whole number from 100 to 3600000",
    "milliseconds between two checks of one dependency",
  ),
  HEALTH_CHECK_TIMEOUT_MS: explained(
    wholeNumber(1, 60_000).prefault("2000"),
    "must be a whole number from 1 to 60000",
    "milliseconds for one check of one dependency",
  ),
  HEALTH_CRITICAL_CHECKS: explained(
    dependencyList.optional(),
    "must be pinecone, llm-api, or both with a comma between them",
    "name only what the service is useless without: its failure takes every instance out of traffic",
  ),
  PINECONE_API_KEY: explained(
    secret(8).optional(),
    "must be 8 to 512 printable characters without a space",
    "copy the key from the Pinecone console; leave it out to do without Pinecone",
  ),
  PINECONE_INDEX_HOST: explained(
    z
      .string()
      .regex(/^(https?:\/\/)?[A-Za-z0-9.-]{1,253}(:\d{1,5})?$/)
      .optional(),
    "must be a host name, with https:// before it or without",
    "copy the host of the index from the Pinecone console",
  ),
  LLM_API_KEY: explained(
    secret(8).optional(),
    "must be 8 to 512 printable characters without a space",
    "copy the key from the provider; leave it out to do without a language model",
  ),
  LLM_API_STYLE: explained(
    z.enum(["openai", "anthropic"]).prefault("openai"),
    "must be openai or anthropic",
    "most other providers offer the style of openai",
  ),
  LLM_API_BASE_URL: explained(
    plainUrl.optional(),
    "must be an http or https URL without user, password, query or fragment",
    "leave it out for the provider's own; else up to and with /v1",
  ),
  LLM_MODEL: explained(
    z
      .string()
      .regex(/^[A-Za-z0-9._:/@-]{1,128}$/)
      .optional(),
    "must be 1 to 128 letters, digits, dots, slashes, colons, dashes, @ or underscores",
    "use the id under which the provider lists the model",
  ),
  DIAGNOSTICS: explained(onOff.prefault("off"), "must be on or off", "leave it out for off"),
}

export type SettingName = keyof typeof shape

export const settingNames = Object.keys(shape) as SettingName[]

/** Settings whose values must not be seen: not in a settings file, a log line or an answer. */
export const secretNames = [
  "HEALTH_TOKEN",
  "PINECONE_API_KEY",
  "LLM_API_KEY",
] as const satisfies SettingName[]

/** Turns the text of each variable into its typed value; the issues name the variables in their paths. */
export const settingsSchema = z.object(shape)

export type Settings = z.output<typeof settingsSchema>

function explained<Schema extends z.ZodType>(schema: Schema, rule: string, hint: string): Schema {
  return schema.meta({ rule, hint })
}

/** What a person needs to know about a setting that was refused. */
export function explanationOf(name: SettingName): { rule: string; hint: string } {
  return shape[name].meta() as { rule: string; hint: string }
}
