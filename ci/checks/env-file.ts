import { fileURLToPath } from "node:url"
import { execa } from "execa"
import { formatError, KitError } from "../engine/lib/errors.ts"

/**
 * Files of settings that git has, though they may hold secrets: `.env` and `.env.*` in any folder, the example aside.
 *
 * @param dir a folder of the repository
 */
export async function committedEnvFiles(dir: string): Promise<string[]> {
  const patterns = [":(top,glob)**/.env", ":(top,glob)**/.env.*", ":(top,exclude).env.example"]
  const { stdout } = await execa("git", ["ls-files", "--full-name", "--", ...patterns], { cwd: dir })
  return stdout.split("\n").filter(Boolean)
}

async function main(): Promise<void> {
  const found = await committedEnvFiles(".")
  if (found.length === 0) return
  throw new KitError("CHECK_ENV_COMMITTED", `git has ${found.join(", ")}`, {
    why: ".env files hold secrets, and whoever has the repository would have them",
    fix: `git rm --cached ${found.join(" ")}, and change every secret that was in there: the history keeps it`,
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch(error => {
    console.error(formatError(error))
    process.exitCode = 1
  })
}
