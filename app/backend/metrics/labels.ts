import type { Request, Response } from "express"

const knownMethods: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
])

/** Callers may invent methods; labels must stay few. */
export const methodLabel = (method: string): string => (knownMethods.has(method) ? method : "other")

/** The pattern of the route that took the request, such as `/users/:id`; "unmatched" when none did. */
export function routeLabel(request: Request): string {
  const pattern: unknown = request.route?.path
  return pattern === undefined ? "unmatched" : request.baseUrl + String(pattern)
}

const statusClasses = ["unknown", "1xx", "2xx", "3xx", "4xx", "5xx"]

/** Such as "2xx"; "aborted" when the connection ended before the answer did. */
export const statusLabel = (response: Response): string =>
  response.writableFinished ? (statusClasses[Math.floor(response.statusCode / 100)] ?? "unknown") : "aborted"
