import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { basename, join, relative } from "node:path"
import type { Note } from "../lib/progress.ts"
import { run } from "../lib/run.ts"
import { type Artifact, artifactPath, cacheDir } from "../lib/store.ts"
import type { Parts } from "../parts.ts"
import { npmRegistry } from "../steps/node.ts"
import { kitFingerprint, lockfileHash, type Manifest, manifestFile, type Part } from "./place.mjs"
import { contentPart, zstdPart, zstdWindow } from "./unpack.mjs"
import { identityFile, packFormat, sha256Of } from "./verify.mjs"

interface Content {
  projectDir: string
  commit: string
  /** Holds `packages`, `apt-sources.list` and perhaps `vulnerability-db`; the file is put together here. */
  dir: string
  file: string
  parts: Parts
  /** Programs that go along as they are. */
  programs: Artifact[]
}

/** Puts the pack together; the file appears when it is whole. */
export async function writePack(content: Content, note: Note): Promise<{ bytes: number; id: string }> {
  const packed = join(content.dir, "packed")
  await mkdir(packed)
  const unpackedBytes = await writeContent(content, join(packed, contentPart))
  await copyFile(await recordedZstd(join(content.dir, "packages")), join(packed, zstdPart))
  const parts = await Promise.all([contentPart, zstdPart].map(name => describe(join(packed, name))))
  const id = await writeManifest(packed, await manifestOf(content, parts, unpackedBytes))
  const names = [manifestFile, identityFile, zstdPart, contentPart]
  const draft = `${content.file}.part`
  await run("tar", ["-cf", draft, "-C", packed, ...names])
  await rename(draft, content.file)
  const { size } = await stat(content.file)
  note(`${(unpackedBytes / 1e6).toFixed(0)} MB in ${(size / 1e6).toFixed(0)} MB`)
  return { bytes: size, id }
}

/**
 * One archive of all, since the same Debian is in it several times: in two images of Docker's and twice in the engine's
 * own. zstd finds that again in a window that is large enough; gzip makes it four times as large and takes a minute more.
 */
async function writeContent({ dir, parts, programs }: Content, archive: string): Promise<number> {
  const files = packedFiles(parts, programs)
  await run("tar", ["-cf", `${archive}.tar`, "--transform", "s,^,artifacts/,", "-C", cacheDir, ...files])
  const others = ["packages", "apt-sources.list", "vulnerability-db"].filter(name =>
    existsSync(join(dir, name)),
  )
  await run("tar", ["-rf", `${archive}.tar`, "-C", dir, ...others])
  await run("zstd", ["-q", "-T0", "-3", zstdWindow, "-o", archive, `${archive}.tar`])
  const { size } = await stat(`${archive}.tar`)
  await rm(`${archive}.tar`)
  return size
}

/** Of each artifact what is used where it is unpacked: what only serves to make others stays here. */
function packedFiles({ rootfs, image, binaries, bases }: Parts, programs: Artifact[]): string[] {
  const files = [
    artifactPath(rootfs),
    artifactPath(image),
    ...bases.map(({ artifact }) => join(artifactPath(artifact), "oci")),
    ...["dagger", "dagger-cli"].map(name => join(artifactPath(binaries), name)),
    ...programs.map(artifactPath),
  ]
  return files.map(file => relative(cacheDir, file))
}

async function recordedZstd(store: string): Promise<string> {
  const lines = (await readFile(join(store, "index.jsonl"), "utf8")).trim().split("\n")
  const answers = lines.map(line => JSON.parse(line) as { url: string; sha256: string })
  const found = answers.find(({ url }) => /\/zstd_[^/]+\.deb$/.test(url))
  if (!found) throw new Error("the Debian package of zstd was not recorded")
  return join(store, "blobs", found.sha256)
}

async function describe(file: string): Promise<Part> {
  return { name: basename(file), size: (await stat(file)).size, sha256: await sha256Of(file) }
}

async function manifestOf(
  { projectDir, commit, parts, programs }: Content,
  files: Part[],
  unpackedBytes: number,
): Promise<Manifest> {
  const artifacts = [
    parts.rootfs,
    parts.image,
    parts.binaries,
    ...programs,
    ...parts.bases.map(base => base.artifact),
  ]
  return {
    format: packFormat,
    commit,
    made: new Date().toISOString(),
    architecture: process.arch,
    kit: kitFingerprint(),
    lockfile: lockfileHash(projectDir),
    artifacts: Object.fromEntries(artifacts.map(({ name, key }) => [name, key])),
    goProxy: parts.go.proxy,
    npmRegistry: await npmRegistry(),
    unpackedBytes,
    parts: files,
  }
}

async function writeManifest(dir: string, manifest: Manifest): Promise<string> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  const id = createHash("sha256").update(text).digest("hex")
  await writeFile(join(dir, manifestFile), text)
  await writeFile(join(dir, identityFile), `${id}\n`)
  return id
}
