import { CheckError } from "../check-error.ts"
import type { ErrorClass } from "../schemas.ts"

/** What an HTTP status says about the service that sent it; undefined when the answer is a good one. */
export function failureOfStatus(status: number): CheckError | undefined {
  if (status >= 200 && status < 300) return undefined
  return new CheckError(classOfStatus(status), `HTTP ${status}`)
}

function classOfStatus(status: number): ErrorClass {
  if (status === 401 || status === 403) return "unauthorized"
  if (status === 429) return "rate_limited"
  return status >= 500 ? "server_error" : "bad_response"
}

/** Why no answer came. Keeps the code of the error and nothing else: its message may name an address. */
export function failureOfRequest(thrown: unknown, signal: AbortSignal): CheckError {
  if (thrown instanceof CheckError) return thrown
  if (signal.aborted) return new CheckError("timeout", "time limit")
  const code = codeOf(thrown)
  return code === undefined
    ? new CheckError("unreachable", "no code")
    : new CheckError(classOfCode(code), code)
}

/** Why an answer broke off after its head. */
export function failureOfBody(thrown: unknown, signal: AbortSignal): CheckError {
  if (thrown instanceof CheckError) return thrown
  if (signal.aborted) return new CheckError("timeout", "time limit")
  return new CheckError("bad_response", codeOf(thrown) ?? "body broke off")
}

// Node's fetch throws a TypeError whose cause is the error of the socket, the resolver or the parser.
function codeOf(thrown: unknown): string | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    // Has a code in some versions of Node only.
    if (error.name === parserError) return parserError
    if ("code" in error && typeof error.code === "string" && /^[A-Z][A-Z0-9_]{1,63}$/.test(error.code)) {
      return error.code
    }
  }
  return undefined
}

const parserError = "HTTPParserError"
const tlsCode =
  /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|EPROTO)/
const timeoutCode = /TIMEDOUT|TIMEOUT/
const badResponseCode = /^(HTTPParserError|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES)/

function classOfCode(code: string): ErrorClass {
  if (tlsCode.test(code)) return "tls"
  if (timeoutCode.test(code)) return "timeout"
  return badResponseCode.test(code) ? "bad_response" : "unreachable"
}
