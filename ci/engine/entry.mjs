// The one file of the kit that must run before anything is installed: it brings node_modules up to date
// with the lockfile, then hands over to the TypeScript. Where a pack is in use, all of it is taken from there.
import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { PlainError } from "./offline/fail.mjs"
import { startReplay } from "./offline/replay.mjs"
import { unpack } from "./offline/unpack.mjs"

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, "..", "..")
const stamp = join(root, "node_modules", ".lockstep-lockfile")

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new PlainError(
    "KIT_NODE_TOO_OLD",
    `Node ${process.versions.node} cannot run Lockstep`,
    "it needs Node 20.19 or newer",
    "install a newer Node and run the same command again",
  )
}

/** @param {NodeJS.ProcessEnv} env */
function installPackages(env) {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex")
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return
  process.stdout.write("Installing npm packages (npm ci) …\n")
  const started = Date.now()
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
    env,
  })
  if (npm.status !== 0) {
    const said = `${npm.stdout ?? ""}${npm.stderr ?? npm.error ?? ""}`
      .trim()
      .split("\n")
      .slice(0, 8)
      .join("\n       ")
    throw new PlainError(
      "KIT_NPM_CI",
      "npm ci did not finish",
      said,
      "check that the npm registry can be reached (npm ping), then run the same command again",
    )
  }
  writeFileSync(stamp, wanted)
  process.stdout.write(`  done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
}

/** @param {string[]} args */
async function runKit(args) {
  const replay = await startReplay(args[0])
  try {
    const env = { ...process.env, ...replay.env }
    installPackages(env)
    // Not tsx's command: on a busy machine it kills a child that is slow to say that it has got a signal.
    const loader = pathToFileURL(join(root, "node_modules", "tsx", "dist", "loader.mjs")).href
    const command = ["--import", loader, join(here, "main.ts"), ...args]
    const child = spawn(process.execPath, command, { stdio: "inherit", env })
    // This process must not end before its child, which may have to put things away.
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
      process.on(signal, () => child.kill(signal))
    const [code] = await once(child, "exit")
    return code ?? 1
  } finally {
    replay.stop()
  }
}

/** @param {string[]} args */
async function main(args) {
  requireNode()
  // Runs where nothing can be installed yet.
  if (args[0] !== "unpack") return await runKit(args)
  await unpack(args[1], root)
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(
    `${error instanceof PlainError ? error.message : (error instanceof Error && error.stack) || error}\n`,
  )
  process.exitCode = 1
}
