import {
  type Directory,
  dag,
  type File,
  func,
  ImageLayerCompression,
  ImageMediaTypes,
  object,
} from "@dagger.io/dagger"
import { dirtyMark } from "./lib/differences.js"
import { manifestDigest, revisionLabel } from "./lib/oci.js"
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

  /** Whether the files differed from that commit's; the image then names the commit with -dirty behind it */
  @func()
  dirty: boolean

  /** The files in which they differed */
  @func()
  changes: string[]

  /** The image as an OCI layout */
  @func()
  layout: Directory

  constructor(digest: string, commit: string, changes: string[], layout: Directory) {
    this.digest = digest
    this.commit = commit
    this.dirty = changes.length > 0
    this.changes = changes
    this.layout = layout
  }
}

/**
 * Builds the backend's image and brings it into the form in which equal content has an equal digest. The image names
 * the commit twice: for the application in APP_COMMIT, for everyone else in the label that OCI has for it.
 *
 * @param changes the files that are not as in the commit
 */
export async function buildBackend(source: Directory, commit: string, changes: string[]): Promise<Build> {
  const revision = changes.length > 0 ? `${commit}${dirtyMark}` : commit
  const image = source
    .dockerBuild({ dockerfile, target, buildArgs: [{ name: "APP_COMMIT", value: revision }] })
    .withLabel(revisionLabel, revision)
  const options = { forcedCompression: ImageLayerCompression.Gzip, mediaTypes: ImageMediaTypes.OcimediaTypes }
  const layout = normalise(image.asTarball(options), source.file(dockerfile))
  const digest = manifestDigest(await layout.file("index.json").contents())
  return new Build(digest, commit, changes, layout)
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
