import { setTimeout } from "node:timers/promises"
import { createApp } from "./app.ts"

const { APP_DIGEST, ORDERS_TOKEN, CURRENCY = "none", PORT = "3000", HOST = "127.0.0.1" } = process.env
const app = createApp({ digest: APP_DIGEST, token: ORDERS_TOKEN, currency: CURRENCY })
await app.listen({ port: Number(PORT), host: HOST })

process.once("SIGTERM", async () => {
  // Swarm takes the container from its name server; the proxy in front learns of it within a second.
  await setTimeout(5000)
  await app.close()
})
