import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { type ImageDigest, type Statement, statementOf } from "../deployer/evidence/statement.ts"

/** The two forms of a list of what is in an image, by the ending of their files. */
export const sbomKinds = {
  "cyclonedx.json": { name: "CycloneDX", predicateType: "https://cyclonedx.org/bom" },
  "spdx.json": { name: "SPDX", predicateType: "https://spdx.dev/Document" },
} as const

/**
 * What the files IMAGE.cyclonedx.json and IMAGE.spdx.json in the folder say of the images.
 *
 * @throws Error when one is no JSON
 */
export async function sbomStatements(folder: string, images: readonly ImageDigest[]): Promise<Statement[]> {
  const wanted = images.flatMap(image =>
    Object.entries(sbomKinds).map(([ending, kind]) => ({ image, kind, file: `${image.name}.${ending}` })),
  )
  const found = wanted.map(async ({ image, kind, file }) => {
    const document = await documentIn(folder, file)
    return document === undefined ? [] : [statementOf(kind.predicateType, [image], document)]
  })
  return (await Promise.all(found)).flat()
}

async function documentIn(folder: string, file: string): Promise<unknown> {
  const text = await readFile(join(folder, file), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined
    throw error
  })
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch (cause) {
    throw new Error(`${file} is not JSON`, { cause })
  }
}
