import { existsSync } from "node:fs"
import { appendFile, copyFile, readFile } from "node:fs/promises"
import { join } from "node:path"
import { packedDatabase } from "../offline/place.mjs"

/** `.env` holds the user defaults of the Dagger module; a fresh clone gets the example's. */
export async function ensureSettings(projectDir: string): Promise<string> {
  const file = join(projectDir, ".env")
  if (existsSync(file)) return ".env kept"
  await copyFile(join(projectDir, ".env.example"), file)
  if (!existsSync(packedDatabase)) return ".env made from .env.example"
  await appendFile(file, `\n# Of the pack.\nVULNERABILITYDB=${packedDatabase}\n`)
  return ".env made from .env.example, with the pack's vulnerability database"
}

/** The folder of the vulnerability database that the clone's settings name. */
export async function databaseSetting(projectDir: string): Promise<string | undefined> {
  const settings = await readFile(join(projectDir, ".env"), "utf8").catch(() => "")
  return /^VULNERABILITYDB=(.+)$/m.exec(settings)?.[1]?.trim()
}
