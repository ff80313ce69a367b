import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http"
import { answerWith, type Fault } from "./faults.ts"
import { listen } from "./listen.ts"

export const llmKey = "sk-secret-key-0816"

const models = Array.from({ length: 7 }, (_, index) => `model-${index + 1}`)
const pageSize = 3

/**
 * A provider of language models, as far as a health check goes, in both styles below one base URL. `GET /v1/models`
 * lists model-1 to model-7:
 * - with the right key as `Authorization: Bearer`, all at once, as OpenAI does;
 * - with the right key as `x-api-key` and with an `anthropic-version`, in pages of three (whatever the limit), the
 *   next one by `after_id`, as Anthropic does;
 * - without an `anthropic-version` 400, with another key 401, and every other route is 404.
 *
 * A fault replaces the answer to a request with the right key.
 */
export async function startFakeLlmApi(fault?: Fault) {
  const seen: { url: string; headers: IncomingHttpHeaders }[] = []
  let present = fault
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? "", headers: request.headers })
    const refusal = refuse(request)
    if (refusal) return void response.writeHead(refusal).end(JSON.stringify({ error: { message: "no" } }))
    if (present) return answerWith(present)(request, response)
    list(request, response)
  })
  return {
    baseUrl: `${await listen(server)}/v1`,
    seen,
    become: (next: Fault | undefined) => {
      present = next
    },
  }
}

function refuse({ headers }: IncomingMessage): number | undefined {
  if (headers.authorization === `Bearer ${llmKey}`) return undefined
  if (headers["x-api-key"] !== llmKey) return 401
  return headers["anthropic-version"] ? undefined : 400
}

function list(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "", "http://fake")
  if (request.method !== "GET" || url.pathname !== "/v1/models") return void response.writeHead(404).end()
  const body = request.headers.authorization ? allModels() : pageAfter(url.searchParams.get("after_id"))
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body))
}

const allModels = () => ({ object: "list", data: models.map(id => ({ id, object: "model" })) })

function pageAfter(id: string | null) {
  const start = id === null ? 0 : models.indexOf(id) + 1
  const page = models.slice(start, start + pageSize)
  return {
    data: page.map(each => ({ id: each, type: "model" })),
    has_more: start + pageSize < models.length,
    first_id: page[0] ?? null,
    last_id: page.at(-1) ?? null,
  }
}
