import * as z from "zod"

/** From the gravest to the most talkative; `silent` writes nothing. */
export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const

export type LogLevel = (typeof logLevels)[number]

/**
 * Parts of the names of fields whose values are secrets, in lower case without separators: `apikey` stands for
 * apiKey, API_KEY and x-api-key. What is in `anywhere` makes a secret of every name that contains it, what is in
 * `atEnd` of names that end with it, and so does its plural.
 */
export const secretNames = {
  anywhere: [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "accesskey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "authorization",
    "cookie",
    "credential",
    "connectionstring",
  ],
  atEnd: ["token", "session", "sessionid", "pwd", "dbpass", "userpass", "jwt", "bearer", "otp", "signature"],
} as const

const wholeNumber = (minimum: number) => z.number().int().min(minimum)

const fileSchema = z
  .object({
    /** The file that is written now. Full ones stay beside it, with the time of their end in their names. */
    path: z.string().min(1),
    /** Bytes after which the next file begins; only a record that is longer by itself makes a longer file. */
    maxBytes: wholeNumber(1),
    /** Milliseconds after which the next file begins, whatever its size. */
    maxAgeMs: wholeNumber(1),
    /** Files kept, the one that is written included. */
    maxFiles: wholeNumber(1),
    /** Bytes of all files together; the one that is written counts as if it were full. */
    maxTotalBytes: wholeNumber(1),
    /** Whether full files are compressed, in the background. */
    compress: z.boolean(),
  })
  .refine(file => file.maxTotalBytes >= file.maxBytes, {
    path: ["maxTotalBytes"],
    message: "must not be less than maxBytes",
  })

/** All that says how logging is set up; nothing else in the program does. */
export const logConfigSchema = z.object({
  level: z.enum(logLevels),
  service: z.string().min(1).max(256),
  environment: z.string().min(1).max(256),
  /** null is written as "unknown", so that the field can always be searched for. */
  version: z.string().max(256).nullable(),
  /** null: lines go to the standard output only. */
  file: fileSchema.nullable(),
  secretNames: z
    .object({ anywhere: z.array(z.string()).readonly(), atEnd: z.array(z.string()).readonly() })
    .default(secretNames),
})

export type LogConfig = z.input<typeof logConfigSchema>
export type LogFileConfig = z.output<typeof fileSchema>
