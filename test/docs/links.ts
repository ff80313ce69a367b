import { existsSync } from "node:fs"
import { posix } from "node:path"
import { anchorsOf, type Page, targetsOf } from "./pages.ts"

/** What is wrong with the links of the pages, a line each. Nothing is asked over the network. */
export function brokenLinks(
  pages: readonly Page[],
  exists: (path: string) => boolean = existsSync,
): string[] {
  const anchors = new Map(pages.map(page => [page.path, anchorsOf(page)]))
  return pages.flatMap(page =>
    targetsOf(page).flatMap(target => {
      const fault = isAbsolute(target)
        ? faultOfAddress(target)
        : faultOfPath(page.path, target, anchors, exists)
      return fault ? [`${page.path}: ${target}: ${fault}`] : []
    }),
  )
}

/** The paths that one gets to from a page by following links. */
export function reachable(start: string, pages: readonly Page[]): Set<string> {
  const reached = new Set([start])
  for (const path of reached) {
    const page = pages.find(candidate => candidate.path === path)
    for (const target of page ? targetsOf(page) : [])
      if (!isAbsolute(target)) reached.add(fileOf(path, target))
  }
  return reached
}

function isAbsolute(target: string): boolean {
  return /^[a-z][a-z0-9+.-]*:|^\/\//i.test(target)
}

/** Addresses of this machine are what a reader opens after `npm start`; all others have to be https. */
function faultOfAddress(target: string): string | undefined {
  if (!URL.canParse(target)) return "not an address"
  const { protocol, hostname } = new URL(target)
  return protocol === "https:" || hostname === "localhost" ? undefined : "not https"
}

function faultOfPath(
  from: string,
  target: string,
  anchors: Map<string, Set<string>>,
  exists: (path: string) => boolean,
): string | undefined {
  const anchor = target.split("#").map(decodeURIComponent)[1]
  const file = fileOf(from, target)
  if (target.startsWith("/") || file.startsWith("..")) return "leads out of the repository"
  if (!exists(file)) return "there is no such file"
  if (anchor === undefined) return undefined
  return anchors.get(file)?.has(anchor) ? undefined : "there is no such heading"
}

/** The file that a link leads to: a relative path, or none for the page itself. */
function fileOf(from: string, target: string): string {
  const [path = ""] = target.split("#").map(decodeURIComponent)
  return path === "" ? from : posix.normalize(posix.join(posix.dirname(from), path))
}
