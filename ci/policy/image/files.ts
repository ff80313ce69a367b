import type { Code } from "../rules.ts"
import type { Entry } from "./layer.ts"
import type { FileTree } from "./tree.ts"

const setuidOrSetgid = 0o6000
const sticky = 0o1000
const othersWrite = 0o0002

/**
 * Folders that everybody may write to, as long as the sticky bit keeps one user from another's files. /run/lock is
 * Debian's, and nothing writes there on a read-only root.
 */
const open: ReadonlySet<string> = new Set(["tmp", "var/tmp", "run/lock"])

/** Rights that nobody needs, in the file system that the container will have. */
export function checkFiles(tree: FileTree): (readonly [Code, string])[] {
  const found: (readonly [Code, string])[] = []
  for (const [path, entry] of tree.paths()) {
    // On a folder, setgid only hands down its group.
    if (isFile(entry) && (entry.capable || (entry.mode & setuidOrSetgid) !== 0))
      found.push(["POLICY_SETUID", `/${path} is ${bits(entry)}`])
    if (isOpenToAll(path, entry))
      found.push(["POLICY_WORLD_WRITABLE", `/${path} can be written by everybody`])
  }
  return found
}

function isFile({ type }: Entry): boolean {
  return type === "file" || type === "contiguous-file" || type === "link"
}

function isOpenToAll(path: string, entry: Entry): boolean {
  // Symbolic links have no rights of their own, and /dev is made anew for each container.
  if (!isFile(entry) && entry.type !== "directory") return false
  if ((entry.mode & othersWrite) === 0) return false
  return !(entry.type === "directory" && open.has(path) && (entry.mode & sticky) !== 0)
}

function bits({ mode, capable }: Entry): string {
  const all = [
    mode & 0o4000 ? "setuid" : "",
    mode & 0o2000 ? "setgid" : "",
    capable ? "given capabilities" : "",
  ]
  return all.filter(Boolean).join(" and ")
}
