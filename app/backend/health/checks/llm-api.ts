import * as z from "zod"
import { CheckError } from "../check-error.ts"
import type { HealthCheck } from "../types.ts"
import { type BoundedFetch, createBoundedFetch } from "./bounded-fetch.ts"
import { maxAnswerBytes, type OutgoingOptions } from "./outgoing.ts"

export interface LlmApiSettings {
  readonly apiKey: string
  readonly style: "openai" | "anthropic"
  /** What comes before `/models`, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string
  /** Must be in the list of models by exactly this id. */
  readonly model: string
}

/**
 * Asks for the list of models, which costs nothing, and looks for the configured one in it. Null settings make a
 * check that is disabled.
 */
export function checkLlmApi(settings: LlmApiSettings | null, options: OutgoingOptions = {}): HealthCheck {
  return {
    name: "llm-api",
    enabled: settings !== null,
    backsOff: true,
    async run(signal) {
      if (!settings) return
      const { fetch = globalThis.fetch, headers = () => ({}) } = options
      const bounded = createBoundedFetch({ fetch, signal, headers, maxBytes: maxAnswerBytes })
      if (!(await listsModel(settings, bounded))) throw new CheckError("model_not_found", "not listed")
    },
  }
}

const Page = z.object({
  data: z.array(z.object({ id: z.string() })),
  has_more: z.boolean().optional(),
  last_id: z.string().nullish(),
})

// A server that always says has_more must not be asked for ever.
const maxPages = 20

async function listsModel(settings: LlmApiSettings, bounded: BoundedFetch): Promise<boolean> {
  let after: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const { data, has_more, last_id } = await getPage(settings, bounded, after)
    if (data.some(({ id }) => id === settings.model)) return true
    if (settings.style === "openai" || has_more !== true) return false
    if (!last_id || last_id === after) throw new CheckError("bad_response", "a page without an end")
    after = last_id
  }
  throw new CheckError("bad_response", `more than ${maxPages} pages`)
}

async function getPage(settings: LlmApiSettings, bounded: BoundedFetch, after: string | undefined) {
  const response = await bounded(pageUrl(settings, after), { headers: authorization(settings) })
  const parsed = Page.safeParse(await response.json().catch(() => undefined))
  // The issues of zod may repeat the body.
  if (!parsed.success) throw new CheckError("bad_response", "no list of models")
  return parsed.data
}

function pageUrl({ baseUrl, style }: LlmApiSettings, after: string | undefined): string {
  const url = `${baseUrl.replace(/\/+$/, "")}/models`
  if (style === "openai") return url
  const query = new URLSearchParams({ limit: "1000", ...(after !== undefined && { after_id: after }) })
  return `${url}?${query}`
}

function authorization({ apiKey, style }: LlmApiSettings): Record<string, string> {
  return style === "openai"
    ? { authorization: `Bearer ${apiKey}` }
    : { "x-api-key": apiKey, "anthropic-version": "2023-06-01" }
}
