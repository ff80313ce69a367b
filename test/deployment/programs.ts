/** The programs in the images of real-docker.ts, which have Node and nothing else. */

const server = `
const http = require("node:http")
const mode = process.env.MODE
if (mode === "crash") { console.log("crashing as told"); process.exit(3) }
// Later than Swarm watches it.
if (mode === "late") setTimeout(() => { console.log("crashing late"); process.exit(3) }, 20_000)
const server = http.createServer((request, response) => {
  response.statusCode = mode === "sick" ? 500 : 200
  response.end(JSON.stringify({ mode, digest: process.env.APP_DIGEST, env: process.env.APP_ENV }))
})
const listen = () => server.listen(3000, () => console.log("listening, mode " + mode))
setTimeout(listen, mode === "slow" ? 5000 : 0)
process.on("SIGTERM", () => server.close(() => process.exit(0)))
`

/** Passes each request on, and tries another task when one is gone. */
const edge = `
const http = require("node:http")
function pass(request, response, deadline) {
  const settings = { host: "backend", port: 3000, path: request.url, agent: false, timeout: 1000 }
  const upstream = http.request(settings, answer => {
    response.writeHead(answer.statusCode, answer.headers)
    answer.pipe(response)
  })
  upstream.on("timeout", () => upstream.destroy(new Error("timeout")))
  upstream.on("error", error => {
    if (response.headersSent) return response.destroy()
    if (Date.now() < deadline) return setTimeout(pass, 100, request, response, deadline)
    response.writeHead(502).end(String(error))
  })
  upstream.end()
}
const server = http.createServer((request, response) => {
  if (request.url === "/alive") return response.end("alive")
  pass(request, response, Date.now() + 5000)
})
server.listen(8080)
process.on("SIGTERM", () => server.close(() => process.exit(0)))
`

// node:http, as loading fetch would double what a check costs on a busy machine.
const check = `require("node:http").get(process.argv[2], response => {
  console.log(response.statusCode)
  process.exit(response.statusCode === 200 ? 0 : 1)
}).on("error", () => process.exit(1))`

export const programs = { "server.js": server, "edge.js": edge, "check.js": check }
