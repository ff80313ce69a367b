import { createServer } from "node:http"

/** Counts how often each name was asked for; it forgets everything when it stops. */
export function createCounter({ digest }) {
  const counts = new Map()
  let draining = false

  const routes = {
    "/": () => ({ status: 200, body: Object.fromEntries(counts) }),
    "/health/ready": () => ({ status: draining ? 503 : 200, body: { ready: !draining } }),
    "/api/version": () => ({ status: 200, body: { digest } }),
  }

  function count(name) {
    counts.set(name, (counts.get(name) ?? 0) + 1)
    return { status: 200, body: { name, count: counts.get(name) } }
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://counter")
    const name = /^\/count\/([a-z]+)$/.exec(pathname)?.[1]
    const { status, body } = name ? count(name) : (routes[pathname]?.() ?? { status: 404, body: {} })
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
  })

  return {
    server,
    drain: () => {
      draining = true
    },
  }
}
