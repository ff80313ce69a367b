import type { Envelope } from "../deployer/evidence/envelope.ts"
import type { Located } from "./attach.ts"
import { collect } from "./collect.ts"
import type { Registry } from "./registry.ts"
import { envelopesOf } from "./row.ts"

/**
 * Whether the evidence of a release hangs at its images in the registry as well.
 *
 * @param envelopes those of the record in the swarm
 * @returns in words, for people
 */
export async function compare(
  registry: Registry,
  images: readonly Located[],
  envelopes: readonly Envelope[],
): Promise<string> {
  const lacking = await Promise.all(
    images.map(async ({ name, repository, digest }) => {
      const there = envelopesOf(await collect(registry, repository, digest)).map(sealed)
      const count = envelopes.filter(envelope => !there.includes(sealed(envelope))).length
      return count > 0 ? [`${name} lacks ${count} of ${envelopes.length} statements`] : []
    }),
  )
  const all = lacking.flat()
  return all.length === 0 ? "has the same evidence" : `differs: ${all.join("; ")}`
}

function sealed({ payload, signatures }: Envelope): string {
  return JSON.stringify([payload, signatures.map(({ sig }) => sig)])
}
