import type { Entry } from "./layer.ts"

const whiteout = /^(.*\/)?\.wh\.([^/]+)$/

/** The file system that layers make when they are put on one another, as an OCI runtime does it. */
export class FileTree {
  private readonly files = new Map<string, Entry>()

  apply(layer: readonly Entry[]): void {
    // A layer's removals are about what was there before it, wherever they stand in the tar.
    for (const entry of layer) this.remove(entry.path)
    for (const entry of layer) if (!whiteout.test(entry.path)) this.put(entry)
  }

  paths(): IterableIterator<[string, Entry]> {
    return this.files.entries()
  }

  private put(entry: Entry): void {
    const target = entry.type === "link" ? this.files.get(entry.target) : undefined
    if (entry.type !== "directory" && this.files.get(entry.path)?.type === "directory")
      this.removeBelow(entry.path)
    this.files.set(entry.path, target ? { ...target, path: entry.path } : entry)
  }

  private remove(path: string): void {
    const [, folder = "", name = ""] = whiteout.exec(path) ?? []
    if (name === "") return
    const isOpaque = name === ".wh..opq"
    if (!isOpaque) this.files.delete(folder + name)
    this.removeBelow(isOpaque ? folder.replace(/\/$/, "") : folder + name)
  }

  private removeBelow(folder: string): void {
    const prefix = folder === "" ? "" : `${folder}/`
    for (const path of this.files.keys())
      if (path.startsWith(prefix) && path !== folder) this.files.delete(path)
  }
}
