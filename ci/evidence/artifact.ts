import { type Envelope, payloadType } from "../deployer/evidence/envelope.ts"
import { bundleOf, bundleType, envelopeIn } from "./bundle.ts"
import { type Descriptor, describe, manifestType } from "./descriptor.ts"

/** A statement in the form in which it hangs at an image in a registry: a manifest with one layer. */
export interface Artifact {
  /** As it stands in the list of what refers to the image. */
  readonly entry: Descriptor
  readonly manifest: Buffer
  readonly blobs: readonly Buffer[]
}

/** As far as it matters here, and as anybody may have written it. */
export interface ArtifactManifest {
  readonly artifactType?: string
  readonly layers?: readonly Descriptor[]
}

/** OCI's own for a manifest without configuration. */
const empty = { type: "application/vnd.oci.empty.v1+json", content: Buffer.from("{}") } as const

/**
 * With signatures it is what cosign writes, without them the mere statement. No time is in it: equal content has an
 * equal digest, so a registry has it once, however often it is attached.
 *
 * @param subject the image's manifest
 */
export function artifactOf(envelope: Envelope, predicateType: string, subject: Descriptor): Artifact {
  const { artifactType, annotations, layer } = formOf(envelope, predicateType)
  const { mediaType, digest, size } = subject
  const manifest = Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: manifestType, artifactType },
      config: describe(empty.type, empty.content),
      layers: [describe(artifactType, layer)],
      subject: { mediaType, digest, size },
      annotations,
    }),
  )
  const entry = { ...describe(manifestType, manifest), artifactType, annotations }
  return { entry, manifest, blobs: [empty.content, layer] }
}

function formOf(envelope: Envelope, predicateType: string) {
  if (envelope.signatures.length === 0) {
    const annotations = { "in-toto.io/predicate-type": predicateType }
    return { artifactType: payloadType, annotations, layer: Buffer.from(envelope.payload, "base64") }
  }
  const annotations = {
    "dev.sigstore.bundle.content": "dsse-envelope",
    "dev.sigstore.bundle.predicateType": predicateType,
  }
  return { artifactType: bundleType, annotations, layer: Buffer.from(JSON.stringify(bundleOf(envelope))) }
}

/** The layer with the statement; undefined when the artifact is something else. */
export function statementLayer({ layers }: ArtifactManifest): Descriptor | undefined {
  return layers?.find(({ mediaType }) => mediaType === bundleType || mediaType === payloadType)
}

/** @param layer the content behind the descriptor */
export function envelopeOf({ mediaType }: Descriptor, layer: Buffer): Envelope | undefined {
  if (mediaType === payloadType) return { payloadType, payload: layer.toString("base64"), signatures: [] }
  return envelopeIn(layer.toString("utf8"))
}
