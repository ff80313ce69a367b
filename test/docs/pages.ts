import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import GithubSlugger from "github-slugger"
import type { Code, Html, InlineCode, Nodes, Root } from "mdast"
import { fromMarkdown } from "mdast-util-from-markdown"
import { gfmFromMarkdown } from "mdast-util-gfm"
import { toString as textOf } from "mdast-util-to-string"
import { gfm } from "micromark-extension-gfm"
import { visit } from "unist-util-visit"

/** A Markdown file of the repository. */
export interface Page {
  path: string
  root: Root
}

/** A fenced block, with the comment that stands directly above it. */
export interface Block {
  /** The file and the line, to be found in an editor. */
  at: string
  language: string
  text: string
  comment: string
}

export function parse(path: string, text: string): Page {
  return { path, root: fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) }
}

/** Every Markdown file that git knows, or that is new and not ignored. */
export function allPages(): Page[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
  const files = execFileSync("git", args, { encoding: "utf8" }).split("\n").filter(existsSync)
  return files.map(path => parse(path, readFileSync(path, "utf8")))
}

/** The anchors that GitHub gives to the headings of a page. */
export function anchorsOf({ root }: Page): Set<string> {
  const slugger = new GithubSlugger()
  const anchors = new Set<string>()
  visit(root, "heading", heading => void anchors.add(slugger.slug(textOf(heading))))
  return anchors
}

/** Where the links and pictures of a page lead to, those in HTML too. */
export function targetsOf({ root }: Page): string[] {
  const targets: string[] = []
  visit(root, node => {
    if (node.type === "link" || node.type === "image" || node.type === "definition") targets.push(node.url)
    if (node.type === "html") targets.push(...targetsInHtml(node))
  })
  return targets
}

/** The pictures of a page, with the words that stand for them. */
export function picturesOf({ path, root }: Page): { at: string; words: string }[] {
  const pictures: { at: string; words: string }[] = []
  visit(root, "image", node => {
    pictures.push({ at: placeOf(path, node), words: node.alt ?? "" })
  })
  visit(root, "html", node => {
    for (const [image] of node.value.matchAll(/<img\b[^>]*>/g))
      pictures.push({ at: placeOf(path, node), words: /\balt="([^"]*)"/.exec(image)?.[1] ?? "" })
  })
  return pictures
}

function targetsInHtml({ value }: Html): string[] {
  return [...value.matchAll(/\b(?:href|src|srcset)="([^"]*)"/g)].map(([, target]) => target ?? "")
}

export function blocksOf({ path, root }: Page): Block[] {
  const blocks: Block[] = []
  visit(root, "code", (node: Code, index, parent) => {
    const above: Nodes | undefined = parent?.children[(index ?? 0) - 1]
    const comment = above?.type === "html" ? (/^<!--(.*)-->$/s.exec(above.value)?.[1] ?? "").trim() : ""
    blocks.push({ at: placeOf(path, node), language: node.lang ?? "", text: node.value, comment })
  })
  return blocks
}

/** What stands between backticks in the running text, with its place. */
export function inlineCodeOf({ path, root }: Page): { at: string; text: string }[] {
  const found: { at: string; text: string }[] = []
  visit(root, "inlineCode", (node: InlineCode) => {
    found.push({ at: placeOf(path, node), text: node.value })
  })
  return found
}

function placeOf(path: string, node: Nodes): string {
  return `${path}:${node.position?.start.line ?? 0}`
}
