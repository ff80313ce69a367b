import Fastify, { type FastifyInstance } from "fastify"

export interface Settings {
  readonly digest: string | undefined
  /** What callers have to send for the orders. */
  readonly token: string | undefined
  readonly currency: string
}

const order = {
  type: "object",
  required: ["article", "count"],
  properties: { article: { type: "string", minLength: 1 }, count: { type: "integer", minimum: 1 } },
}

interface Order {
  readonly article: string
  readonly count: number
}

/** Takes orders and keeps them in memory. */
export function createApp({ digest, token, currency }: Settings): FastifyInstance {
  const orders: Order[] = []
  const app = Fastify({ logger: process.env.NODE_ENV === "production" })

  app.get("/", async () => ({ service: "orders", currency }))
  app.get("/health/ready", async () => ({ ready: true }))
  app.get("/api/version", async () => ({ digest }))

  app.register(async guarded => {
    guarded.addHook("onRequest", async (request, reply) => {
      if (token === undefined || request.headers.authorization !== `Bearer ${token}`)
        return reply.code(401).send({ error: "send the token" })
    })
    guarded.get("/orders", async () => orders)
    guarded.post<{ Body: Order }>("/orders", { schema: { body: order } }, async (request, reply) => {
      orders.push(request.body)
      return reply.code(201).send(request.body)
    })
  })

  return app
}
