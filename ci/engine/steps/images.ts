import { join } from "node:path"
import { addImage, type ImageConfig, systemPath } from "../lib/oci.ts"
import { run } from "../lib/run.ts"
import { type Artifact, artifactPath, keyOf, orPacked } from "../lib/store.ts"
import { baseLabel, nodeImageReference, registryPort, versions } from "../versions.ts"
import { caddyImage } from "./caddy.ts"
import { distrolessRootfs } from "./distroless.ts"
import { distrolessNodeImage, nodeImage } from "./node.ts"
import { baseRootfs, rootfsTar } from "./rootfs.ts"

/** An OCI layout that holds one base image, and the name under which pipelines ask for it, without the registry's. */
export interface BaseImage {
  artifact: Artifact
  reference: string
}

/** The base images, by the names that they have in their public registries. They need the base's root file system. */
export async function baseImages(): Promise<BaseImage[]> {
  const rootfs = await baseRootfs()
  const distroless = await distrolessRootfs(rootfs)
  const images = [
    { reference: `library/debian:${versions.debianSuite}-slim`, artifact: debianImage(rootfs) },
    { reference: nodeImageReference, artifact: await nodeImage(rootfs) },
    { reference: "distroless/nodejs24-debian12:nonroot", artifact: await distrolessNodeImage(distroless) },
    { reference: `library/caddy:${versions.caddy}`, artifact: await caddyImage(distroless) },
  ]
  return images.map(({ reference, artifact }) => ({ reference, artifact: orPacked(artifact) }))
}

function debianImage(rootfs: Artifact): Artifact {
  const config: ImageConfig = { Env: [systemPath], Cmd: ["bash"], Labels: baseLabel }
  return {
    name: "debian-image",
    key: keyOf(rootfs.key, config),
    async make(dir) {
      await addImage(join(dir, "oci"), "image", [rootfsTar(rootfs)], config)
    },
  }
}

/** Puts the image into the kit's registry, or another one, unless that has it; the manifest stays as it is. */
export async function publishBaseImage(
  { artifact, reference }: BaseImage,
  registry = `localhost:${registryPort}`,
): Promise<void> {
  const target = `docker://${registry}/${reference}`
  const source = `oci:${join(artifactPath(artifact), "oci")}`
  const digest = (ref: string) =>
    run("skopeo", ["inspect", "--tls-verify=false", "--format={{.Digest}}", ref])
  const present = await digest(target).catch(() => undefined)
  if (present !== undefined && present === (await digest(source))) return
  await run("skopeo", ["copy", "--quiet", "--preserve-digests", "--dest-tls-verify=false", source, target])
}
