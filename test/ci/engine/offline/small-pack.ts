import { createHash } from "node:crypto"
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { kitFingerprint, lockfileHash, type Manifest } from "../../../../ci/engine/offline/place.mjs"
import { contentPart, zstdPart, zstdWindow } from "../../../../ci/engine/offline/unpack.mjs"
import { ensurePackages } from "../../../../ci/engine/steps/docker.ts"

const names = ["manifest.json", "manifest.sha256", zstdPart, contentPart]

/** A pack that is whole and small: one artifact of a few bytes. Tests change it and look what unpack says. */
export class SmallPack {
  readonly dir: string

  private constructor(dir: string) {
    this.dir = dir
  }

  static async create(text = "content"): Promise<SmallPack> {
    await ensurePackages(["zstd"], "zstd")
    const dir = await mkdtemp(join(tmpdir(), "small-pack-"))
    const pack = new SmallPack(dir)
    await mkdir(join(dir, "files"))
    await pack.#writeContent(text)
    await writeFile(join(dir, "files", zstdPart), "a Debian package, not needed where zstd is")
    await pack.writeManifest({})
    return pack
  }

  async #writeContent(text: string): Promise<void> {
    const content = join(this.dir, "content")
    const artifact = join(content, "artifacts", "proxy-0123456789abcdef")
    await mkdir(artifact, { recursive: true })
    await writeFile(join(artifact, "lockstep-proxy"), text)
    const tar = join(this.dir, "content.tar")
    await execa("tar", ["-cf", tar, "-C", content, "artifacts"])
    await execa("zstd", ["-q", zstdWindow, "-o", this.part(contentPart), tar])
  }

  /** The path of one of the pack's files. */
  part(name: string): string {
    return join(this.dir, "files", name)
  }

  /** Writes the manifest anew, right but for the changes. */
  async writeManifest(changes: Partial<Manifest>): Promise<void> {
    const parts = await Promise.all(
      [contentPart, zstdPart].map(async name => {
        const content = await readFile(this.part(name))
        return { name, size: content.length, sha256: sha256(content) }
      }),
    )
    const manifest: Manifest = {
      format: 1,
      commit: "0".repeat(40),
      made: new Date(0).toISOString(),
      architecture: process.arch,
      kit: kitFingerprint(),
      lockfile: lockfileHash(process.cwd()),
      artifacts: { proxy: "0123456789abcdef" },
      goProxy: "off",
      npmRegistry: "https://registry.example/",
      unpackedBytes: 1000,
      parts,
      ...changes,
    }
    const text = JSON.stringify(manifest)
    await writeFile(this.part("manifest.json"), text)
    await writeFile(this.part("manifest.sha256"), sha256(Buffer.from(text)))
  }

  /** @returns the path of the pack's file, with the named files in it */
  async write(files: string[] = names): Promise<string> {
    const file = join(this.dir, "pack.tar")
    await execa("tar", ["-cf", file, "-C", join(this.dir, "files"), ...files])
    return file
  }

  async copyOf(name: string, as: string): Promise<void> {
    await cp(this.part(name), this.part(as))
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true })
  }
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex")
}

export { names as packFiles }
