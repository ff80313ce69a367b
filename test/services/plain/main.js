import { createCounter } from "./counter.js"

const { server, drain } = createCounter({ digest: process.env.APP_DIGEST })
server.listen(Number(process.env.PORT ?? 3000), process.env.HOST)

process.once("SIGTERM", () => {
  drain()
  setTimeout(() => server.close(), 5000)
})
