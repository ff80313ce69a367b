/** Functions that run in the browser: each stands alone, since its text is sent there. */

/** Texts whose contrast with what is behind them is below 4.5, as readable lines. */
export function lowContrasts(): string[] {
  type Colour = readonly [number, number, number, number]
  const parse = (text: string): Colour => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number)
    return [red, green, blue, alpha]
  }
  const over = (top: Colour, below: Colour): Colour => {
    const mix = (index: 0 | 1 | 2) => top[index] * top[3] + below[index] * (1 - top[3])
    return [mix(0), mix(1), mix(2), 1]
  }
  const background = (element: Element | null): Colour => {
    if (!element) return [255, 255, 255, 1]
    const own = parse(getComputedStyle(element).backgroundColor)
    return own[3] === 1 ? own : over(own, background(element.parentElement))
  }
  const luminance = ([red, green, blue]: Colour): number => {
    const linear = [red, green, blue].map(value => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0)
  }
  const contrast = (element: Element): number => {
    const behind = background(element)
    const [one, other] = [parse(getComputedStyle(element).color), behind].map(luminance) as [number, number]
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
  }
  const hasText = (element: Element) =>
    [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
  return [...document.body.querySelectorAll("*")]
    .filter(element => hasText(element) && element.checkVisibility() && !element.closest("template, .unseen"))
    .filter(element => contrast(element) < 4.5)
    .map(element => `${element.tagName} "${element.textContent?.trim()}" ${contrast(element).toFixed(2)}`)
}

/** Elements that reach beyond the right edge of the window, and texts that are cut. */
export function overflowing(): string[] {
  const edge = document.documentElement.clientWidth
  return [...document.body.querySelectorAll("*")]
    .filter(element => element.checkVisibility() && !element.closest(".unseen, thead"))
    .filter(element => element.getBoundingClientRect().right > edge + 0.5)
    .map(element => `${element.tagName}.${element.getAttribute("class")} ${element.textContent?.trim()}`)
}

/** The element with the focus: its role or tag, its name, and whether its focus is drawn. */
export function focused(): string {
  const element = document.activeElement
  if (!element || element === document.body) return "nothing"
  const name = element.getAttribute("aria-label") ?? element.textContent?.trim()
  const drawn = getComputedStyle(element).outlineStyle !== "none" ? "" : " (not visible)"
  return `${element.tagName.toLowerCase()} ${name}${drawn}`
}

/** Pictures that are neither named nor hidden from screen readers. */
export function namelessPictures(): string[] {
  return [...document.querySelectorAll("svg")]
    .filter(picture => picture.checkVisibility())
    .filter(picture => picture.getAttribute("aria-hidden") !== "true" && !picture.getAttribute("aria-label"))
    .map(picture => picture.outerHTML.slice(0, 120))
}
