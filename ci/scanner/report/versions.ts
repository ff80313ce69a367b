import { compare, valid } from "semver"

/** Which of two versions is the older: npm's by semver, all others as dpkg compares them. */
export function compareVersions(ecosystem: string, one: string, other: string): number {
  if (ecosystem === "npm" && valid(one) && valid(other)) return compare(one, other)
  const left = partsOf(one)
  const right = partsOf(other)
  for (const [index, part] of left.entries()) {
    const order = comparePart(part, right[index] ?? "")
    if (order !== 0) return order
  }
  return 0
}

/** Epoch, upstream's version, Debian's revision. */
function partsOf(version: string): string[] {
  const [, epoch = "0", upstream = "", revision = "0"] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(version) ?? []
  return [epoch, upstream, revision]
}

/** Text and number in turns. */
function comparePart(one: string, other: string): number {
  const left = [...one.matchAll(/(\D*)(\d*)/g)]
  const right = [...other.matchAll(/(\D*)(\d*)/g)]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [, text = "", number = ""] = left[index] ?? []
    const [, otherText = "", otherNumber = ""] = right[index] ?? []
    const order = compareText(text, otherText) || Number(number) - Number(otherNumber)
    if (order !== 0) return order
  }
  return 0
}

function compareText(one: string, other: string): number {
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const order = weight(one[index]) - weight(other[index])
    if (order !== 0) return order
  }
  return 0
}

/** `~` comes before the end, the end before letters, letters before all else. */
function weight(sign: string | undefined): number {
  if (sign === "~") return -1
  if (sign === undefined) return 0
  return sign.charCodeAt(0) + (/[a-z]/i.test(sign) ? 0 : 0x10000)
}
