import { createServer, type IncomingHttpHeaders } from "node:http"
import { answerWith, type Fault } from "./faults.ts"
import { listen } from "./listen.ts"

export const pineconeKey = "pc-secret-key-0815"

/**
 * The data plane of one Pinecone index, as far as a health check goes. `POST /describe_index_stats` with the right
 * Api-Key header answers with the statistics of an index of two namespaces; with another key 401 and plain text, as
 * Pinecone does; every other route is 404. A fault replaces the answer to a request with the right key.
 */
export async function startFakePinecone(fault?: Fault) {
  const seen: { headers: IncomingHttpHeaders; body: string }[] = []
  let present = fault
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join("")
    seen.push({ headers: request.headers, body })
    if (request.headers["api-key"] !== pineconeKey) return void response.writeHead(401).end("Unauthorized")
    if (present) return answerWith(present)(request, response)
    if (request.method !== "POST" || request.url !== "/describe_index_stats") {
      return void response.writeHead(404).end()
    }
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(statistics))
  })
  return {
    indexHost: await listen(server),
    seen,
    become: (next: Fault | undefined) => {
      present = next
    },
  }
}

const statistics = {
  namespaces: { "": { vectorCount: 40 }, products: { vectorCount: 2 } },
  dimension: 1024,
  indexFullness: 0,
  totalVectorCount: 42,
  metric: "cosine",
  vectorType: "dense",
}
