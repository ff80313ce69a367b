import type { Problem } from "./problem.ts"
import { type SettingName, type Settings, settingNames, shape } from "./settings.ts"

/** Something that several settings have to keep together; the problem is reported for the first of them. */
interface Rule extends Problem {
  /** The settings that it looks at: it is not judged while one of them is wrong by itself. */
  readonly reads: readonly SettingName[]
  isKept(settings: Settings): boolean
}

type Words = Pick<Problem, "rule" | "hint">

const encryption: Words = {
  rule: "must use https when APP_ENV is production",
  hint: "the key would go over the network in the clear",
}

/** `reads` says what `isKept` may look at. */
function rule<Name extends SettingName>(
  reads: readonly [Name, ...Name[]],
  isKept: (settings: Pick<Settings, Name>) => boolean,
  words: Words,
): Rule {
  return { variable: reads[0], reads, isKept, ...words }
}

const rules: readonly Rule[] = [
  rule(["SHUTDOWN_TIMEOUT_MS", "SHUTDOWN_DRAIN_MS"], s => s.SHUTDOWN_TIMEOUT_MS > s.SHUTDOWN_DRAIN_MS, {
    rule: "must be more than SHUTDOWN_DRAIN_MS",
    hint: "the drain is a part of the whole stop",
  }),
  rule(
    ["HEALTH_CHECK_TIMEOUT_MS", "HEALTH_CHECK_INTERVAL_MS"],
    s => s.HEALTH_CHECK_TIMEOUT_MS < s.HEALTH_CHECK_INTERVAL_MS,
    { rule: "must be less than HEALTH_CHECK_INTERVAL_MS", hint: "a check has to end before the next begins" },
  ),
  rule(["LOG_FILE_MAX_TOTAL_MB", "LOG_FILE_MAX_MB"], s => s.LOG_FILE_MAX_TOTAL_MB >= s.LOG_FILE_MAX_MB, {
    rule: "must be at least LOG_FILE_MAX_MB",
    hint: "the present file counts too",
  }),
  neededBy("PINECONE_INDEX_HOST", "PINECONE_API_KEY"),
  neededBy("PINECONE_API_KEY", "PINECONE_INDEX_HOST"),
  neededBy("LLM_MODEL", "LLM_API_KEY"),
  neededBy("LLM_API_KEY", "LLM_MODEL"),
  enabledWhenCritical("pinecone", "PINECONE_API_KEY"),
  enabledWhenCritical("llm-api", "LLM_API_KEY"),
  inProduction("NODE_ENV", nodeEnv => nodeEnv === "production", {
    rule: "must be production when APP_ENV is",
    hint: "libraries show their errors to everyone otherwise; the image sets it",
  }),
  inProduction("DIAGNOSTICS", diagnostics => !diagnostics, {
    rule: "must be off when APP_ENV is production",
    hint: "the diagnostic routes hold connections open for whoever asks",
  }),
  inProduction("LOG_LEVEL", level => level !== "silent", {
    rule: "must not be silent when APP_ENV is production",
    hint: "use error or fatal for few lines",
  }),
  inProduction("PINECONE_INDEX_HOST", isEncrypted, encryption),
  inProduction("LLM_API_BASE_URL", isEncrypted, encryption),
]

/** The rules that the settings break together, as far as each of them is right by itself. */
export function brokenRules(raw: Readonly<Partial<Record<SettingName, string>>>): Problem[] {
  const right = new Map<SettingName, unknown>()
  for (const name of settingNames) {
    const parsed = shape[name].safeParse(raw[name])
    if (parsed.success) right.set(name, parsed.data)
  }
  const settings = Object.fromEntries(right) as Settings
  const broken = rules.filter(
    ({ reads, isKept }) => reads.every(name => right.has(name)) && !isKept(settings),
  )
  return broken.map(({ variable, rule, hint }) => ({ variable, rule, hint }))
}

function neededBy(name: SettingName, other: SettingName): Rule {
  const words = { rule: `must be set when ${other} is`, hint: "set both, or neither to do without" }
  return rule([name, other], s => s[other] === undefined || s[name] !== undefined, words)
}

function enabledWhenCritical(check: "pinecone" | "llm-api", key: SettingName): Rule {
  const words = {
    rule: `must not name ${check} while ${key} is not set`,
    hint: "what is disabled cannot be critical",
  }
  const isNamed = (s: Pick<Settings, "HEALTH_CRITICAL_CHECKS">) => s.HEALTH_CRITICAL_CHECKS?.includes(check)
  return rule(["HEALTH_CRITICAL_CHECKS", key], s => !isNamed(s) || s[key] !== undefined, words)
}

function inProduction<Name extends SettingName>(
  name: Name,
  isAllowed: (value: Settings[Name]) => boolean,
  words: Words,
): Rule {
  const isKept = (s: Settings) => s.APP_ENV !== "production" || isAllowed(s[name])
  return { variable: name, reads: [name, "APP_ENV"], isKept, ...words }
}

function isEncrypted(address: string | undefined): boolean {
  return !address?.startsWith("http://")
}
