/**
 * The name by which people reach what Docker runs: the host's own, or localhost for a socket.
 *
 * @param dockerHost DOCKER_HOST
 */
export function reachedAt(dockerHost: string | undefined): string {
  const host = /^(?:ssh|tcp):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(dockerHost ?? "")?.[1]
  return host ?? "localhost"
}

export function serviceUrl(host: string, port: number): string {
  return `http://${host}:${port}`
}
