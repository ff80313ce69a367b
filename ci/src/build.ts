import {
  type Directory,
  dag,
  type File,
  func,
  ImageLayerCompression,
  ImageMediaTypes,
  object,
} from "@dagger.io/dagger"
import { manifestDigest } from "./lib/oci.js"
import { node } from "./node.js"

const dockerfile = "docker/Dockerfile.backend"
const target = "production"

/** What a build made */
@object()
export class Build {
  /** Digest of the image's manifest: the identity of this release everywhere */
  @func()
  digest: string

  /** The commit that was built */
  @func()
  commit: string

  /** The image as an OCI layout */
  @func()
  layout: Directory

  constructor(digest: string, commit: string, layout: Directory) {
    this.digest = digest
    this.commit = commit
    this.layout = layout
  }
}

/** Builds the backend's image and brings it into the form in which equal content has an equal digest. */
export async function buildBackend(source: Directory, commit: string): Promise<Build> {
  const image = source.dockerBuild({
    dockerfile,
    target,
    buildArgs: [{ name: "APP_COMMIT", value: commit }],
  })
  const options = { forcedCompression: ImageLayerCompression.Gzip, mediaTypes: ImageMediaTypes.OcimediaTypes }
  const layout = normalise(image.asTarball(options), source.file(dockerfile))
  const digest = manifestDigest(await layout.file("index.json").contents())
  return new Build(digest, commit, layout)
}

/** The engine writes times into the image and leaves the HEALTHCHECK out; the normaliser mends both. */
function normalise(tarball: File, dockerfile: File): Directory {
  return node()
    .withMountedDirectory("/normaliser", dag.currentModule().source().directory("normaliser"))
    .withMountedFile("/image.tar", tarball)
    .withMountedFile("/Dockerfile", dockerfile)
    .withExec(["node", "/normaliser/main.ts", "/image.tar", "/layout", "/Dockerfile", target])
    .directory("/layout")
}
