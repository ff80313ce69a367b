import { generateKeyPairSync, sign } from "node:crypto"

/**
 * Makes a certificate for 127.0.0.1 that nobody vouches for, valid from 2020 to 2049. Written out in DER, as Node
 * can read certificates but not make them, and a key in the repository would alarm every scanner.
 */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" })
  const ecdsaWithSha256 = sequence(Buffer.from("06082a8648ce3d040302", "hex"))
  const commonName = sequence(Buffer.from("0603550403", "hex"), der(0x0c, Buffer.from("lockstep test")))
  const name = sequence(der(0x31, commonName))
  const validity = sequence(utcTime("200101000000Z"), utcTime("491231235959Z"))
  const loopback = sequence(der(0x87, Buffer.from([127, 0, 0, 1])))
  const subjectAltName = sequence(Buffer.from("0603551d11", "hex"), der(0x04, loopback))
  const body = sequence(
    Buffer.from("a003020102", "hex"),
    Buffer.from("020101", "hex"),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(subjectAltName)),
  )
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]))
  const certificate = sequence(body, ecdsaWithSha256, signature).toString("base64")
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
  }
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts))
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text))
