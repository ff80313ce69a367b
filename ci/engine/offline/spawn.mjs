import { spawn } from "node:child_process"

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:stream").Readable} [input] read by the command as its standard input
 * @returns {Promise<{ ok: boolean, said: string }>}
 */
export async function runPlain(command, args, input) {
  const child = spawn(command, args, { stdio: [input ?? "ignore", "pipe", "pipe"] })
  const said = /** @type {Buffer[]} */ ([])
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", piece => said.push(piece))
  const ok = await new Promise(resolve => {
    child.once("error", error => {
      said.push(Buffer.from(String(error)))
      resolve(false)
    })
    child.once("close", code => resolve(code === 0))
  })
  return { ok, said: Buffer.concat(said).toString().trim() }
}
