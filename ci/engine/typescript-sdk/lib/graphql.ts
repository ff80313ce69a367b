import { Agent, request as httpRequest, type IncomingMessage } from "node:http"
import { trace } from "./trace.ts"

// Stands in for graphql-request: the engine's API is one local HTTP endpoint, and the real package
// costs a GraphQL parser and a fetch implementation at every function call.

export interface GraphQLError {
  message: string
  extensions?: Record<string, unknown>
}

interface GraphQLResponse {
  status: number
  data?: unknown
  errors?: GraphQLError[]
}

interface GraphQLRequest {
  query: string
  variables?: Record<string, unknown>
}

/** The engine answered, and its answer is an error. */
export class ClientError extends Error {
  readonly response: GraphQLResponse
  readonly request: GraphQLRequest

  constructor(response: GraphQLResponse, request: GraphQLRequest) {
    super(response.errors?.[0]?.message ?? `GraphQL error (HTTP ${response.status})`)
    this.name = "ClientError"
    this.response = response
    this.request = request
  }
}

export const gql = String.raw

export class GraphQLClient {
  readonly url: string
  readonly #headers: Record<string, string>
  readonly #agent = new Agent({ keepAlive: true })

  constructor(url: string, options: { headers?: Record<string, string> } = {}) {
    this.url = url
    this.#headers = options.headers ?? {}
  }

  async request<T>(query: string, variables?: Record<string, unknown>): Promise<T> {
    const request: GraphQLRequest = variables ? { query, variables } : { query }
    const response = parse(await this.#post(JSON.stringify(request)))
    if (response.errors?.length || response.status >= 400) throw new ClientError(response, request)
    return response.data as T
  }

  #post(body: string): Promise<{ status: number; text: string }> {
    const headers = {
      ...this.#headers,
      ...trace.headers(),
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    }
    return new Promise((resolve, reject) => {
      const request = httpRequest(this.url, { method: "POST", headers, agent: this.#agent })
      request.on("error", error => reject(connectionError(error)))
      request.on("response", response => read(response).then(resolve, reject))
      request.end(body)
    })
  }
}

async function read(response: IncomingMessage): Promise<{ status: number; text: string }> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }
}

function parse(answer: { status: number; text: string }): GraphQLResponse {
  try {
    return { status: answer.status, ...JSON.parse(answer.text) }
  } catch {
    return { status: answer.status, errors: [{ message: answer.text }] }
  }
}

/** The SDK recognises a call that was not awaited by the name of the error in `errno`. */
function connectionError(error: NodeJS.ErrnoException): Error {
  return Object.assign(error, { errno: error.code })
}
