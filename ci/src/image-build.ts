import { type Container, type Directory, dag, type File, ImageMediaTypes } from "@dagger.io/dagger"
import { Image } from "./build.js"
import { dockerfileOf, type ImageName, imageNames, labels, type Runtime, stages } from "./lib/images.js"
import { manifestDigest } from "./lib/layout.js"
import { checkStages, imageBelow, withoutCertificates } from "./lib/stages.js"
import { node } from "./node.js"

/** What to build from. */
export interface Sources {
  /** As `buildable` gives it. */
  source: Directory
  /** The commit, with -dirty behind it when the files are not as in it. */
  revision: Promise<string>
  runtime: Runtime
}

/** The images of a repository: all, or all but a frontend that it has no Dockerfile for. */
export async function imagesOf(source: Directory): Promise<ImageName[]> {
  const withFrontend = await source.exists(dockerfileOf("frontend"))
  return imageNames.filter(name => name !== "frontend" || withFrontend)
}

/**
 * The repository with its Dockerfiles as the engine builds them, one folder for all images: what their stages have in
 * common, such as the installed packages, is made once.
 */
export async function buildable(source: Directory, images: readonly ImageName[]): Promise<Directory> {
  const paths = images.map(dockerfileOf)
  const texts = await Promise.all(paths.map(path => source.file(path).contents()))
  const files = texts.map((text, index) => ({ path: paths[index] ?? "", text: withoutCertificates(text) }))
  return files.reduce((folder, { path, text }) => folder.withNewFile(path, text), source)
}

/**
 * Builds an image and brings it into the form in which equal content has an equal digest. Backend and frontend name the
 * commit in the label that OCI has for it, the backend also for the application, in APP_COMMIT.
 *
 * Base and content are built apart, and neither names the commit: both are built while the files are compared with it.
 * The base's layers, which are nearly all of an image, are not touched until somebody asks for the layout.
 */
export async function buildImage(name: ImageName, { source, revision, runtime }: Sources): Promise<Image> {
  const path = dockerfileOf(name)
  const text = await source.file(path).contents()
  checkStages(path, text)
  // Without the other files, so that an edit of them leaves it in the cache. And as text: the engine knows a file by its
  // content, and may ask for it in a clone of equal content that is gone by now.
  const alone = dag.directory().withNewFile(path, text)
  const dockerfile = alone.file(path)
  const args = { BACKEND_RUNTIME: runtime }
  const image = imageBelow(text, stages.base, args)
  // As an image, two Dockerfiles have the same one, and it stays the same while they are edited.
  const base = tarball(image ? dag.container().from(image) : stage(alone, path, stages.base, args))
  const content = stage(source, path, stages.content, args)
  const [known] = await Promise.all([revision, content.sync(), base.sync()])
  const production = stage(source, path, stages.production, { ...args, APP_COMMIT: known })
  const labelled = marks(name, known, runtime).reduce(
    (image, [label, value]) => image.withLabel(label, value),
    production,
  )
  const own = byContent(tarball(labelled.withRootfs(content.rootfs())))
  const normalised = normalise(own, base, dockerfile)
  const digest = manifestDigest(await normalised.file("index.json").contents())
  return new Image(name, digest, assemble(normalised, base, own))
}

function stage(
  context: Directory,
  dockerfile: string,
  target: string,
  args: Record<string, string>,
): Container {
  const buildArgs = Object.entries(args).map(([name, value]) => ({ name, value }))
  return context.dockerBuild({ dockerfile, target, buildArgs })
}

function marks(name: ImageName, revision: string, runtime: Runtime): [string, string][] {
  const title: [string, string] = [labels.title, name]
  if (name === "edge") return [title]
  if (name === "frontend") return [title, [labels.revision, revision]]
  return [title, [labels.revision, revision], [labels.runtime, runtime]]
}

/** The base's layers stay as its registry gave them, the others are compressed. */
function tarball(image: Container): File {
  return image.asTarball({ mediaTypes: ImageMediaTypes.OcimediaTypes })
}

/** The engine knows a file of a folder by its content: what reads it stays in the cache, whatever else was edited. */
function byContent(file: File): File {
  return dag.directory().withFile("file", file).file("file")
}

/**
 * The layout without its layers. The engine writes times into the image and leaves the HEALTHCHECK out; the normaliser
 * mends both.
 */
function normalise(content: File, base: File, dockerfile: File): Directory {
  return normaliser()
    .withMountedFile("/content.tar", content)
    .withMountedFile("/base.tar", base)
    .withMountedFile("/Dockerfile", dockerfile)
    .withExec([
      ...["node", "/normaliser/main.ts", "/content.tar", "/base.tar", "/Dockerfile"],
      ...[stages.production, "/layout"],
    ])
    .directory("/layout")
}

function assemble(layout: Directory, ...layers: File[]): Directory {
  const archives = layers.map((file, number) => ({ path: `/layers-${number}.tar`, file }))
  return archives
    .reduce((container, { path, file }) => container.withMountedFile(path, file), normaliser())
    .withDirectory("/layout", layout)
    .withExec(["node", "/normaliser/assemble.ts", "/layout", ...archives.map(({ path }) => path)])
    .directory("/layout")
}

function normaliser(): Container {
  return node().withMountedDirectory("/normaliser", dag.currentModule().source().directory("normaliser"))
}
