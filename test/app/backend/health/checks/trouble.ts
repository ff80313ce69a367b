import { createServer } from "node:http"
import { createServer as createSecureServer } from "node:https"
import type { ErrorClass } from "../../../../../app/backend/health/schemas.ts"
import { bodySecret, type Fault } from "../faults.ts"
import { listen } from "../listen.ts"
import { selfSigned } from "../self-signed.ts"

const mebibyte = 1024 * 1024

/** What both checks must make of trouble that has nothing to do with what they ask for. */
export const commonTrouble: [Fault, ErrorClass, string | RegExp][] = [
  [{ kind: "status", status: 401 }, "unauthorized", "HTTP 401"],
  [{ kind: "status", status: 403 }, "unauthorized", "HTTP 403"],
  [{ kind: "status", status: 429, headers: { "retry-after": "60" } }, "rate_limited", "HTTP 429"],
  [{ kind: "status", status: 500 }, "server_error", "HTTP 500"],
  [{ kind: "status", status: 503 }, "server_error", "HTTP 503"],
  [{ kind: "status", status: 400 }, "bad_response", "HTTP 400"],
  [{ kind: "status", status: 402 }, "bad_response", "HTTP 402"],
  [{ kind: "text", body: `<html>${bodySecret}` }, "bad_response", /^no /],
  [{ kind: "text", body: "null" }, "bad_response", /^no /],
  [{ kind: "text", body: "[]" }, "bad_response", /^no /],
  [{ kind: "text", body: `{"other": "${bodySecret}"}` }, "bad_response", /^no /],
  [{ kind: "text", body: "" }, "bad_response", /^no /],
  [{ kind: "big-body", bytes: 8 * mebibyte }, "bad_response", "more than 4194304 bytes"],
  [{ kind: "half-body" }, "bad_response", /^[A-Z_]+$|^body broke off$/],
  [{ kind: "no-http" }, "bad_response", "HTTPParserError"],
  [{ kind: "reset" }, "unreachable", /^(ECONNRESET|UND_ERR_SOCKET)$/],
  [{ kind: "hang" }, "timeout", "time limit"],
  [{ kind: "slow-headers", ms: 60_000 }, "timeout", "time limit"],
  [{ kind: "slow-body" }, "timeout", "time limit"],
]

/** Addresses that nobody answers at, or not in the right way. */
export const commonAddresses: [string, () => Promise<string>, ErrorClass, RegExp][] = [
  ["a self-signed certificate", selfSignedServer, "tls", /^DEPTH_ZERO_SELF_SIGNED_CERT$/],
  ["a server without TLS", async () => (await plainServer()).replace("http:", "https:"), "tls", /SSL|EPROTO/],
  ["a closed port", closedPort, "unreachable", /^ECONNREFUSED$/],
  ["a port that fetch refuses", async () => "http://127.0.0.1:1", "unreachable", /^no code$/],
  ["an unknown host", async () => "http://nowhere.invalid", "unreachable", /^(ENOTFOUND|EAI_AGAIN)$/],
]

async function selfSignedServer(): Promise<string> {
  return listen(createSecureServer(selfSigned(), (_, response) => void response.end("{}")))
}

async function plainServer(): Promise<string> {
  return listen(createServer((_, response) => void response.end("{}")))
}

async function closedPort(): Promise<string> {
  const server = createServer()
  const base = await listen(server)
  await new Promise(resolve => server.close(resolve))
  return base
}
