import { type Directory, dag, func, object, type Service } from "@dagger.io/dagger"
import { type ImageName, repositoryOf } from "./lib/images.js"
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

  /** The pages for people; not there when the backend answers for everything */
  @func()
  frontend?: Image

  /** The proxy in front of them */
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
    frontend: Image | undefined,
    edge: Image,
    commit: string,
    changes: string[],
    registryAddress: string,
    registry?: Service,
  ) {
    this.backend = backend
    if (frontend) this.frontend = frontend
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

  /** Not a function of the command line: they have names there. */
  images(): Image[] {
    return [this.backend, this.frontend, this.edge].filter(image => image !== undefined)
  }
}
