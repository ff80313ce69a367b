// Checks stack file, Dockerfiles and built images: main.ts [--json] [--image NAME=LAYOUT]… [FOLDER]
import { parseArgs } from "node:util"
import { checkFolder } from "./folder.ts"
import { type Checked, reportJson, reportText } from "./report.ts"

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean" }, image: { type: "string", multiple: true } },
  allowPositionals: true,
})

/** What cannot be read fails the check, as any other finding does. */
async function check(): Promise<Checked[]> {
  const folder = positionals[0] ?? "docker"
  try {
    return await checkFolder(folder, new Map((values.image ?? []).map(namedLayout)))
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    return [{ name: folder, findings: [{ code: "POLICY_INPUT", subject: "input", what }] }]
  }
}

function namedLayout(text: string): [string, string] {
  const [, name, dir] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (!name || !dir) throw new Error(`--image takes NAME=LAYOUT, not "${text}"`)
  return [name, dir]
}

const checked = await check()
console.log(values.json ? JSON.stringify(reportJson(checked)) : reportText(checked))
process.exitCode = checked.every(({ findings }) => findings.length === 0) ? 0 : 1
