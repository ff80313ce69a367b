/** What a page of GitHub has room for. */
export const width = 830

const padding = 20
const captionLength = 115

/** The part of the picture that bars and points lie in; the values at the bars need the room on the right. */
export const plot = { left: padding, right: width - 80 }

/** One below the other they make a picture. */
export interface Drawn {
  readonly height: number
  readonly parts: readonly string[]
}

interface Heading {
  readonly title: string
  /** How, where and when it was measured. */
  readonly caption: string
  /** What the picture was made of, for those who read its source. */
  readonly made: string
}

// A ground of its own: the reader's page may be dark while their system is light. The colours are those of Okabe and
// Ito, which people with any colour vision can tell apart.
const style = `
text { fill: #1f2328; font: 13px -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif }
.ground { fill: #ffffff; stroke: #d1d9e0 }
.title { font-size: 17px; font-weight: 600 } .heading { font-weight: 600 } .small { font-size: 12px; fill: #59636e }
.grid { stroke: #d1d9e0 } .axis { stroke: #59636e; fill: none } .range { stroke: #1f2328; stroke-width: 1.5 }
.fit { stroke: #59636e; stroke-dasharray: 5 4 }
.s0 { fill: #8c959f } .s1 { fill: #0072b2 } .s2 { fill: #e69f00 } .s3 { fill: #009e73 } .s4 { fill: #cc79a7 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .ground { fill: #0d1117; stroke: #3d444d } .small { fill: #9198a1 }
  .grid { stroke: #3d444d } .axis, .fit { stroke: #9198a1 } .range { stroke: #f0f6fc }
  .s0 { fill: #6e7681 } .s1 { fill: #56b4e9 }
}`

export function picture({ title, caption, made }: Heading, panels: readonly Drawn[]): string {
  const lines = wrapped(caption)
  let top = 40 + lines.length * 17
  const height = panels.reduce((sum, panel) => sum + panel.height, top + padding)
  const placed = panels.map(panel => {
    const group = `<g transform="translate(0 ${top})">\n${panel.parts.join("\n")}\n</g>`
    top += panel.height
    return group
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(made)}</desc>`,
    `<style>${style}\n</style>`,
    `<rect class="ground" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="6"/>`,
    text(padding, 30, title, "title"),
    ...lines.map((line, index) => text(padding, 50 + index * 17, line, "small")),
    ...placed,
    "</svg>",
    "",
  ].join("\n")
}

export function text(x: number, y: number, content: string, kind = "", anchor = "start"): string {
  const attributes = [kind && ` class="${kind}"`, anchor !== "start" && ` text-anchor="${anchor}"`]
  return `<text x="${short(x)}" y="${short(y)}"${attributes.filter(Boolean).join("")}>${escaped(content)}</text>`
}

/** Names beside squares of their colour, in a line. */
export function legend(names: readonly string[], y: number): string[] {
  let x = plot.left
  return names.flatMap((name, series) => {
    if (name === "") return []
    const drawn = [
      `<rect class="s${series}" x="${x}" y="${y - 10}" width="11" height="11" rx="2"/>`,
      text(x + 16, y, name),
    ]
    x += 40 + name.length * 7
    return drawn
  })
}

/** A number of a table, for people: 45412 as 45,412. Its decimals stay as they are. */
export function shown(value: string): string {
  const [whole = "", decimals] = value.split(".")
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), decimals].filter(part => part !== undefined).join(".")
}

/** As many digits as a screen can show. */
export function short(value: number): number {
  return Number(value.toFixed(2))
}

/** In lines that the picture has room for: SVG has no line breaks of its own. */
function wrapped(caption: string): string[] {
  const lines = [""]
  for (const word of caption.split(" ")) {
    const line = `${lines.at(-1)} ${word}`.trim()
    if (line.length <= captionLength) lines[lines.length - 1] = line
    else lines.push(word)
  }
  return lines
}

export function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}
