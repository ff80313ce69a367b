import { appendFile, copyFile, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { execa } from "execa"
import { Clone, projectDir } from "../e2e/clone.ts"
import { drawTerminal } from "./draw.ts"
import { photograph } from "./pages.ts"
import { record } from "./record.ts"
import { scenes } from "./scenes.ts"
import { linesOnScreen } from "./terminal.ts"

const images = join(projectDir, "docs", "images")
const port = 8089
/** The verdict and the table of the scans. */
const reportHeight = 1200

// All of it is real: a clone of HEAD, the engine and the swarm of this machine, and what the terminal shows.
const clone = await Clone.create()
try {
  await copyFile(join(clone.dir, ".env.example"), join(clone.dir, ".env"))
  // Of a folder, as a clone of a clone has it, the command line complains.
  await execa("git", ["remote", "remove", "origin"], { cwd: clone.dir })
  await appendFile(join(clone.dir, ".env"), `\nPROJECT=pictures\nDEPLOY_PORT=${port}\n`)
  await playScenes()
  await photograph(`http://localhost:${port}/?every=1`, join(images, "status-page.png"))
  await photographReport()
} finally {
  await clone.call("stop", "--env", "staging")
  await clone.call("clean", "--env", "staging")
  await clone.remove()
}

async function playScenes(): Promise<void> {
  const commit = await clone.commit()
  for (const { file, command, exitCode, before } of scenes) {
    if (before) await record(before, clone.dir)
    console.log(command)
    const { output } = await record(command, clone.dir, exitCode)
    await writeFile(join(images, file), drawTerminal({ command, commit }, await linesOnScreen(output)))
  }
}

async function photographReport(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "lockstep-pictures-"))
  try {
    const database = `--vulnerability-db=${clone.database}`
    await clone.succeed(database, "security-report", "export", `--path=${dir}`)
    await photograph(
      pathToFileURL(join(dir, "index.html")).href,
      join(images, "security-report.png"),
      reportHeight,
    )
  } finally {
    await rm(dir, { recursive: true })
  }
}
