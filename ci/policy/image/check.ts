import type { Readable } from "node:stream"
import { type Finding, isPlainUser, type Traits } from "../finding.ts"
import { checkConfig } from "./config.ts"
import { checkFiles } from "./files.ts"
import { readLayer } from "./layer.ts"
import { FileTree } from "./tree.ts"

/** What the policy reads of an image's configuration. */
export interface ImageConfig {
  config?: {
    User?: string
    Env?: readonly string[] | null
    Cmd?: readonly string[] | null
    Entrypoint?: readonly string[] | null
    Labels?: Readonly<Record<string, string>> | null
    Healthcheck?: { Test?: readonly string[] }
  }
  history?: readonly { created_by?: string; comment?: string }[]
}

export interface Layer {
  readonly digest: string
  /** The layer's tar, unpacked. */
  readonly open: () => Readable
}

export interface Image {
  readonly config: ImageConfig
  readonly layers: readonly Layer[]
}

export interface ImageResult {
  readonly findings: readonly Finding[]
  readonly traits: Traits
}

/**
 * Checks an image: its configuration and history, every single layer for secrets, and the file system that the layers
 * make together for rights. A secret that a later layer removes can still be read; a right that it takes away is gone.
 *
 * @param name how the image is called in findings
 */
export async function checkImage(name: string, image: Image): Promise<ImageResult> {
  const traits = traitsOf(image.config)
  const tree = new FileTree()
  const what = [...checkConfig(image.config, traits)]
  for (const [index, layer] of image.layers.entries()) {
    const { entries, secrets } = await readLayer(layer.open())
    tree.apply(entries)
    what.push(
      ...secrets
        .map(secret => `layer ${index + 1}: ${secret}`)
        .map(text => ["POLICY_SECRET_FILE", text] as const),
    )
  }
  what.push(...checkFiles(tree))
  return { findings: what.map(([code, text]) => ({ code, subject: name, what: text })), traits }
}

function traitsOf({ config }: ImageConfig): Traits {
  const test = config?.Healthcheck?.Test ?? []
  return { user: isPlainUser(config?.User), healthcheck: test.length > 1 && test[0] !== "NONE" }
}
