import {
  type Directory,
  dag,
  type File,
  func,
  ImageLayerCompression,
  ImageMediaTypes,
  object,
  type Secret,
  type Service,
} from "@dagger.io/dagger"
import { dirtyMark } from "./lib/differences.js"
import { dockerfileOf, type ImageName, labels, type Runtime, repositoryOf, target } from "./lib/images.js"
import { manifestDigest } from "./lib/layout.js"
import { node } from "./node.js"
import { push } from "./registry.js"

/** One image of a build */
@object()
export class Image {
  /** backend, frontend or edge */
  @func()
  name: string

  /** Digest of the image's manifest: its identity everywhere */
  @func()
  digest: string

  /** The image as an OCI layout */
  @func()
  layout: Directory

  constructor(name: string, digest: string, layout: Directory) {
    this.name = name
    this.digest = digest
    this.layout = layout
  }
}

/** What a build made */
@object()
export class Build {
  /** The application's service */
  @func()
  backend: Image

  /** The status page */
  @func()
  frontend: Image

  /** The proxy in front of both */
  @func()
  edge: Image

  /** The commit that was built */
  @func()
  commit: string

  /** Whether the files differed from that commit's; backend and frontend then name the commit with -dirty behind it */
  @func()
  dirty: boolean

  /** The files in which they differed */
  @func()
  changes: string[]

  private registry?: Service
  private registryAddress: string

  constructor(
    backend: Image,
    frontend: Image,
    edge: Image,
    commit: string,
    changes: string[],
    registryAddress: string,
    registry?: Service,
  ) {
    this.backend = backend
    this.frontend = frontend
    this.edge = edge
    this.commit = commit
    this.dirty = changes.length > 0
    this.changes = changes
    this.registry = registry
    this.registryAddress = registryAddress
  }

  /** All images as OCI layouts, in one folder each: backend, frontend, edge */
  @func()
  layouts(): Directory {
    return this.images().reduce((all, { name, layout }) => all.withDirectory(name, layout), dag.directory())
  }

  /** Push all images to the registry, unchanged; gives their references by digest */
  @func({ cache: "never" })
  async publish(): Promise<string[]> {
    const { registry, registryAddress } = this
    const pushed = this.images().map(({ name, digest, layout }) =>
      push(layout, repositoryOf(name as ImageName), digest, { registry, registryAddress }),
    )
    return await Promise.all(pushed)
  }

  private images(): Image[] {
    return [this.backend, this.frontend, this.edge]
  }
}

/** The files to build from. */
export interface Sources {
  source: Directory
  commit: string
  /** The files that are not as in the commit. */
  changes: string[]
  runtime: Runtime
}

/**
 * Builds an image and brings it into the form in which equal content has an equal digest. Backend and frontend name the
 * commit in the label that OCI has for it, the backend also for the application, in APP_COMMIT.
 */
export async function buildImage(name: ImageName, sources: Sources): Promise<Image> {
  const dockerfile = dockerfileOf(name)
  const revision = sources.changes.length > 0 ? `${sources.commit}${dirtyMark}` : sources.commit
  const { buildArgs, marks } = variables(name, revision, sources.runtime)
  const built = sources.source.dockerBuild({ dockerfile, target, buildArgs, secrets: [noCertificates()] })
  const image = marks.reduce((labelled, [label, value]) => labelled.withLabel(label, value), built)
  const options = { forcedCompression: ImageLayerCompression.Gzip, mediaTypes: ImageMediaTypes.OcimediaTypes }
  const layout = normalise(image.asTarball(options), sources.source.file(dockerfile))
  return new Image(name, manifestDigest(await layout.file("index.json").contents()), layout)
}

/**
 * The engine puts the host's certificates into containers by itself, so the Dockerfiles' secret for them stays empty. It
 * must be given all the same: the engine puts a random name in place of one that is missing, and then caches nothing.
 */
function noCertificates(): Secret {
  return dag.setSecret("ca-certificates", "")
}

/** What distinguishes the images: the arguments of the Dockerfile, and the labels. */
function variables(name: ImageName, revision: string, runtime: Runtime) {
  const title: [string, string] = [labels.title, name]
  if (name === "edge") return { buildArgs: [], marks: [title] }
  const marks: [string, string][] = [title, [labels.revision, revision]]
  if (name === "frontend") return { buildArgs: [], marks }
  return {
    buildArgs: [
      { name: "APP_COMMIT", value: revision },
      { name: "BACKEND_RUNTIME", value: runtime },
    ],
    marks: [...marks, [labels.runtime, runtime] as [string, string]],
  }
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
