import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { ensurePackages } from "../../../ci/engine/steps/docker.ts"

/** A folder with ssh keys and files of known hosts. */
export class Keys {
  readonly #dir: string

  private constructor(dir: string) {
    this.#dir = dir
  }

  static async create(): Promise<Keys> {
    await ensurePackages(["openssh-client"], "ssh")
    return new Keys(await mkdtemp(join(tmpdir(), "lockstep-keys-")))
  }

  path(name: string): string {
    return join(this.#dir, name)
  }

  /** Makes a pair; returns the public one. */
  async make(name: string, passphrase = ""): Promise<string> {
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", this.path(name)])
    return await this.read(`${name}.pub`)
  }

  async read(name: string): Promise<string> {
    return (await readFile(this.path(name), "utf8")).trim()
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(this.path(name), text)
  }

  async remove(): Promise<void> {
    await rm(this.#dir, { recursive: true, force: true })
  }
}
