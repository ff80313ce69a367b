import type { Envelope } from "../deployer/evidence/envelope.ts"

/**
 * A signed statement as sigstore's tools keep it, in the version that cosign 3 writes. The key's hint is what cosign
 * would write: the same hash as the envelope's, in base64. The signatures do not name their key once more, since cosign
 * passes over each that names it in another way than its own.
 *
 * https://github.com/sigstore/protobuf-specs: protos/sigstore_bundle.proto
 */
interface Bundle {
  readonly mediaType: string
  readonly verificationMaterial: { readonly publicKey: { readonly hint: string } }
  readonly dsseEnvelope: {
    readonly payload: string
    readonly payloadType: string
    readonly signatures: readonly { readonly sig: string }[]
  }
}

export const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json"

export function bundleOf(envelope: Envelope): Bundle {
  const [first] = envelope.signatures
  const hint = Buffer.from(first?.keyid ?? "", "hex").toString("base64")
  const { payload, payloadType, signatures } = envelope
  return {
    mediaType: bundleType,
    verificationMaterial: { publicKey: { hint } },
    dsseEnvelope: { payload, payloadType, signatures: signatures.map(({ sig }) => ({ sig })) },
  }
}

/**
 * @param text of anybody's
 * @returns undefined when it is no bundle, or one that holds no envelope but a mere signature
 */
export function envelopeIn(text: string): Envelope | undefined {
  const { verificationMaterial, dsseEnvelope } = JSON.parse(text) as Partial<Bundle>
  const { payload, payloadType, signatures } = dsseEnvelope ?? {}
  if (typeof payload !== "string" || typeof payloadType !== "string") return undefined
  const keyid = Buffer.from(verificationMaterial?.publicKey?.hint ?? "", "base64").toString("hex")
  const signed = (signatures ?? []).map(({ sig }) => ({ keyid, sig: String(sig) }))
  return { payload, payloadType, signatures: signed }
}
