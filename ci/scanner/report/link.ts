/** A link that a person may follow: another scheme than http could run something. */
export function httpLink(link: string | undefined): string | undefined {
  if (link === undefined || !URL.canParse(link)) return undefined
  const url = new URL(link)
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined
}
