import { existsSync } from "node:fs"
import { copyFile } from "node:fs/promises"
import { join } from "node:path"

/** `.env` holds the user defaults of the Dagger module; a fresh clone gets the example's. */
export async function ensureSettings(projectDir: string): Promise<string> {
  const file = join(projectDir, ".env")
  if (existsSync(file)) return ".env kept"
  await copyFile(join(projectDir, ".env.example"), file)
  return ".env made from .env.example"
}
