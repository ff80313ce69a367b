import { run } from "./run.ts"

/** What Docker lists by a label, and how it is removed. */
const kinds = {
  containers: { list: ["ps", "-aq"], remove: ["rm", "-f"] },
  volumes: { list: ["volume", "ls", "-q"], remove: ["volume", "rm"] },
  images: { list: ["images", "-q"], remove: ["rmi", "-f"] },
  networks: { list: ["network", "ls", "-q"], remove: ["network", "rm"] },
} as const

export type Kind = keyof typeof kinds

/** The ids of what carries the label; a volume's is its name. */
export async function labelled(kind: Kind, label: string): Promise<string[]> {
  const found = await run("docker", [...kinds[kind].list, "--filter", `label=${label}`])
  return [...new Set(found.split("\n"))].filter(Boolean)
}

/** @returns how many there were */
export async function removeLabelled(kind: Kind, label: string): Promise<number> {
  const ids = await labelled(kind, label)
  if (ids.length > 0) await run("docker", [...kinds[kind].remove, ...ids])
  return ids.length
}
