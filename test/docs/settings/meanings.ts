import type { SettingName } from "../../../app/backend/config/settings.ts"

/** What the schema of the settings cannot say of one. */
export interface Meaning {
  meaning: string
  where: string
  /** What holds when it is not set and the schema has no default. */
  otherwise?: string
}

const anywhere = "settings file, environment"

/** A setting without an entry is an error of the type check. */
export const meanings: Record<SettingName, Meaning> = {
  NODE_ENV: { meaning: "which kind of run it is; libraries read it too", where: "set by the image" },
  APP_ENV: {
    meaning: "which settings file is read, and the name in logs and answers",
    where: "set by the deployment",
    otherwise: "`production` if `NODE_ENV` is, else `development`",
  },
  CONFIG_DIR: { meaning: "folder of the settings files", where: "set by the image" },
  HOST: { meaning: "address to listen on", where: anywhere },
  PORT: {
    meaning: "port to listen on; 0 takes any free one",
    where: "environment only in the image: its health check reads it there",
  },
  LOG_LEVEL: { meaning: "the mildest level that is logged", where: anywhere },
  LOG_FILE: {
    meaning: "file that the log is written to besides stdout, see [logging](../logging.md)",
    where: anywhere,
  },
  LOG_FILE_MAX_MB: {
    meaning: "megabytes (10⁶ bytes) in one log file before the next one begins",
    where: anywhere,
  },
  LOG_FILE_MAX_AGE_HOURS: { meaning: "hours of one log file before the next one begins", where: anywhere },
  LOG_FILE_MAX_FILES: { meaning: "log files that are kept, the present one included", where: anywhere },
  LOG_FILE_MAX_TOTAL_MB: {
    meaning: "megabytes of all log files together; at least `LOG_FILE_MAX_MB`",
    where: anywhere,
  },
  LOG_FILE_COMPRESS: { meaning: "whether finished log files are compressed with gzip", where: anywhere },
  APP_DIGEST: {
    meaning: "digest of the image's manifest, shown by `/api/version`",
    where: "set by the deployment",
  },
  APP_COMMIT: { meaning: "commit of the sources, shown by `/api/version`", where: "set by the image" },
  APP_VERSION: {
    meaning: "version of the release, shown by `/api/version` and in every log line",
    where: "set by the image",
  },
  KEEP_ALIVE_TIMEOUT_MS: {
    meaning:
      "how long an idle connection stays open; longer than the idle limit of the proxy in front, or the proxy meets closed connections",
    where: anywhere,
  },
  SHUTDOWN_DRAIN_MS: {
    meaning:
      "after SIGTERM: how long to go on serving while readiness fails, so that the proxy in front can turn away",
    where: anywhere,
  },
  SHUTDOWN_TIMEOUT_MS: {
    meaning:
      "after SIGTERM: the limit for the whole stop, drain included; keep it below the stop grace period of the container",
    where: anywhere,
  },
  HEALTH_TOKEN: {
    meaning:
      "secret: with it set, [`/health`](../health.md) shows details and `/metrics` answers only to callers who send it",
    where: "environment",
  },
  HEALTH_CHECK_INTERVAL_MS: { meaning: "time between two checks of one dependency", where: anywhere },
  HEALTH_CHECK_TIMEOUT_MS: {
    meaning: "limit for one check of one dependency; less than the interval",
    where: anywhere,
  },
  HEALTH_CRITICAL_CHECKS: { meaning: "what the service is useless without", where: anywhere },
  PINECONE_API_KEY: {
    meaning: "secret: key of Pinecone; without it the check is disabled",
    where: "environment",
  },
  PINECONE_INDEX_HOST: {
    meaning: "host of the Pinecone index, as its console shows it; needed with the key",
    where: anywhere,
  },
  LLM_API_KEY: {
    meaning: "secret: key of the language model's API; without it the check is disabled",
    where: "environment",
  },
  LLM_API_STYLE: { meaning: "how the language model's API is spoken to", where: anywhere },
  LLM_API_BASE_URL: {
    meaning: "address of that API up to and with `/v1`; in production it must be `https`",
    where: anywhere,
    otherwise: "none: the provider's own",
  },
  LLM_MODEL: { meaning: "id of the model, as the API lists it; needed with the key", where: anywhere },
  DIAGNOSTICS: {
    meaning:
      "whether there are `/api/diagnostics/wait` and `/api/diagnostics/echo` for load tests; leave it off where strangers can reach it",
    where: anywhere,
  },
}
