import type { Flags } from "./flags.ts"

/** How the edge gets a certificate, and where it answers with it. */
export interface Https {
  readonly domain: string
  readonly port: number
  /** The directory of an ACME server; undefined: Let's Encrypt's. */
  readonly acmeCa: string | undefined
}

const domainName = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/
const httpsUrl = /^https:\/\/[a-z0-9.-]+(:\d{1,5})?(\/[\w./-]*)?$/i

export function httpsOf(flags: Flags): Https | undefined {
  const domain = flags.matching(
    "domain",
    domainName,
    "it must be a domain such as shop.example.com, in lower case",
  )
  if (domain === undefined) return undefined
  return {
    domain,
    port: flags.number("tls-port", 1, 65_535) ?? 443,
    acmeCa: flags.matching("acme-ca", httpsUrl, "it must be the https address of an ACME server's directory"),
  }
}

type Variables = Readonly<Record<string, string>>

export function httpsVariables(https: Https | undefined): Variables {
  if (!https) return {}
  const { domain, port, acmeCa } = https
  return {
    DEPLOY_DOMAIN: domain,
    DEPLOY_TLS_PORT: String(port),
    ...(acmeCa === undefined ? {} : { DEPLOY_ACME_CA: acmeCa }),
  }
}

/** The host's ports that a release would take. */
export function wantedPorts({ port, https }: { readonly port: number; readonly https: Https | undefined }) {
  return https ? [port, https.port] : [port]
}

/** The host's ports that a recorded release with these variables takes. */
export function portsOf({ variables }: { readonly variables: Variables }): number[] {
  return [variables.DEPLOY_PORT, variables.DEPLOY_TLS_PORT].filter(Boolean).map(Number)
}

/** Where people find it; undefined when it has no domain. */
export function secureUrl({ variables }: { readonly variables: Variables }): string | undefined {
  const { DEPLOY_DOMAIN: domain, DEPLOY_TLS_PORT: port } = variables
  if (domain === undefined) return undefined
  return port === "443" ? `https://${domain}` : `https://${domain}:${port}`
}
