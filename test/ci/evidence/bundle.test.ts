import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { open, trustIn } from "../../../ci/deployer/evidence/envelope.ts"
import { artifactOf, envelopeOf, statementLayer } from "../../../ci/evidence/artifact.ts"
import { bundleOf, envelopeIn } from "../../../ci/evidence/bundle.ts"
import { digestOf } from "../../../ci/evidence/descriptor.ts"
import { altered, checksOf, keyPair, sealAll } from "../../evidence/samples.ts"

const image = { name: "backend", digest: `sha256:${"a".repeat(64)}` }
const subject = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: image.digest, size: 7 }
const ours = keyPair()

function artifact(key: string | undefined, at = new Date("2026-01-01")) {
  const [{ statement, envelope } = never()] = sealAll(checksOf(image, at), key)
  return { envelope, ...artifactOf(envelope, statement.predicateType, subject) }
}

function never(): never {
  throw new Error("there is a required check")
}

describe("a bundle", () => {
  const [{ envelope } = never()] = sealAll(checksOf(image), ours.secret)

  it("has the form that cosign writes: version 0.3, the key by its hint, no name of it at the signature", () => {
    const theirs = JSON.parse(readFileSync("test/evidence/cosign-bundle.json", "utf8"))
    const shape = (value: unknown): unknown =>
      value && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shape(part)]))
        : typeof value
    expect(shape(bundleOf(envelope))).toEqual(shape(theirs))
    expect(bundleOf(envelope).mediaType).toBe(theirs.mediaType)
    const hint = Buffer.from(bundleOf(envelope).verificationMaterial.publicKey.hint, "base64")
    expect(hint.toString("hex")).toBe(envelope.signatures[0]?.keyid)
  })

  it("gives the envelope back as it was", () => {
    expect(envelopeIn(JSON.stringify(bundleOf(envelope)))).toEqual(envelope)
  })

  it("that cosign 3.1.3 wrote, with a key that it made, is read and its signature checked", () => {
    const theirs = envelopeIn(readFileSync("test/evidence/cosign-bundle.json", "utf8")) ?? never()
    const key = readFileSync("test/evidence/cosign-key.pub", "utf8")
    expect(open(theirs, key)).toMatchObject({ predicate: { configuration: [{ name: "extra" }] } })
    expect(trustIn(theirs, ours.open)).toBe("other key")
    expect(
      trustIn(
        altered(theirs, text => text.replace("PASSED", "FAILED")),
        key,
      ),
    ).toBe("altered")
  })

  it.each(["{}", '{"messageSignature":{}}', '{"dsseEnvelope":{"payload":1}}'])("%s holds no envelope", text =>
    expect(envelopeIn(text)).toBeUndefined(),
  )
})

describe("an envelope that anybody may have written", () => {
  it("is opened or not, but never an accident", () => {
    const value = fc.oneof(fc.string(), fc.json())
    fc.assert(
      fc.property(value, value, (payload, sig) => {
        const envelope = {
          payloadType: "application/vnd.in-toto+json",
          payload: Buffer.from(payload).toString("base64"),
          signatures: [{ keyid: "", sig }],
        }
        expect(open(envelope, ours.open)).toBeUndefined()
        const unchecked = open(envelope, undefined)
        if (unchecked) expect(Array.isArray(unchecked.subject)).toBe(true)
      }),
    )
  })
})

describe("an artifact", () => {
  it("refers to the image's manifest, and names its kind, its layer and its predicate as cosign does", () => {
    const { manifest, blobs, entry } = artifact(ours.secret)
    const bundle = "application/vnd.dev.sigstore.bundle.v0.3+json"
    const annotations = {
      "dev.sigstore.bundle.content": "dsse-envelope",
      "dev.sigstore.bundle.predicateType": "https://in-toto.io/attestation/test-result/v0.1",
    }
    expect(JSON.parse(manifest.toString())).toEqual({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      artifactType: bundle,
      config: {
        mediaType: "application/vnd.oci.empty.v1+json",
        digest: "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        size: 2,
      },
      layers: [{ mediaType: bundle, digest: digestOf(blobs[1] ?? Buffer.of()), size: blobs[1]?.length ?? 0 }],
      subject,
      annotations,
    })
    expect(entry).toMatchObject({ digest: digestOf(manifest), artifactType: bundle, annotations })
  })

  it("is the mere statement when nobody signed, under another name", () => {
    const { manifest, blobs, entry, envelope } = artifact(undefined)
    expect(entry.artifactType).toBe("application/vnd.in-toto+json")
    expect(blobs[1]?.toString("base64")).toBe(envelope.payload)
    const layer = statementLayer(JSON.parse(manifest.toString())) ?? never()
    expect(envelopeOf(layer, blobs[1] ?? Buffer.of())).toEqual(envelope)
  })

  it("has one digest for one content, and another one for another result", () => {
    const [first, again, later] = [
      artifact(ours.secret),
      artifact(ours.secret),
      artifact(ours.secret, new Date()),
    ]
    expect(again.entry).toEqual(first.entry)
    expect(later.entry.digest).not.toBe(first.entry.digest)
  })

  it("of another kind is not taken for evidence", () => {
    expect(statementLayer({ layers: [{ ...subject, mediaType: "application/x" }] })).toBeUndefined()
    expect(statementLayer({})).toBeUndefined()
  })
})
