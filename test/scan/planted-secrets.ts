/**
 * A secret of each of ten kinds, by the name of gitleaks' rule. They are put together when the tests run: written out
 * here, they would be found in this repository.
 */
export const plantedSecrets: Readonly<Record<string, string>> = {
  "aws-access-token": `AK${"IA"}${pick(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`,
  "github-pat": `gh${"p_"}${pick(36)}`,
  "gitlab-pat": `gl${"pat-"}${pick(20)}`,
  "slack-bot-token": `xo${"xb-"}${pick(12, "0123456789")}-${pick(12, "0123456789")}-${pick(24)}`,
  "stripe-access-token": `sk_${"live_"}${pick(24)}`,
  "npm-access-token": `np${"m_"}${pick(36)}`,
  "gcp-api-key": `AI${"za"}${pick(35)}`,
  "digitalocean-pat": `do${"p_v1_"}${pick(64, "0123456789abcdef")}`,
  "shopify-access-token": `sh${"pat_"}${pick(32, "0123456789abcdef")}`,
  "private-key": [
    `-----BEGIN ${"PRIVATE"} KEY-----`,
    pick(64),
    pick(64),
    `-----END ${"PRIVATE"} KEY-----`,
  ].join("\n"),
}

/** One assignment a line, as in a file of settings. */
export function secretsFile(secrets: Readonly<Record<string, string>>): string {
  return Object.entries(secrets)
    .map(([kind, value]) => `${kind.replaceAll("-", "_")} = "${value}"\n`)
    .join("")
}

/** Letters in an order without a pattern, the same at each run. */
function pick(
  count: number,
  letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
): string {
  let state = 20_261_126 + count * letters.length
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return letters[Math.floor((state / 2 ** 31) * letters.length)]
  }).join("")
}
