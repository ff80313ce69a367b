// The one file of the kit that must run before anything is installed: it brings node_modules up to date
// with the lockfile, then hands over to the TypeScript.
import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, "..", "..")
const stamp = join(root, "node_modules", ".lockstep-lockfile")

function fail(code, what, why, fix) {
  process.stderr.write(`error ${code}: ${what}\n  why: ${why}\n  do:  ${fix}\n`)
  process.exit(1)
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(
    "KIT_NODE_TOO_OLD",
    `Node ${process.versions.node} cannot run Lockstep`,
    "it needs Node 20.19 or newer",
    "install a newer Node and run the same command again",
  )
}

function installPackages() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex")
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return
  process.stdout.write("Installing npm packages (npm ci) …\n")
  const started = Date.now()
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
  })
  if (npm.status !== 0) {
    const said = `${npm.stdout ?? ""}${npm.stderr ?? npm.error ?? ""}`
      .trim()
      .split("\n")
      .slice(0, 8)
      .join("\n       ")
    fail(
      "KIT_NPM_CI",
      "npm ci did not finish",
      said,
      "check that the npm registry can be reached (npm ping), then run the same command again",
    )
  }
  writeFileSync(stamp, wanted)
  process.stdout.write(`  done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
}

requireNode()
installPackages()
const tsx = join(root, "node_modules", "tsx", "dist", "cli.mjs")
const child = spawn(process.execPath, [tsx, join(here, "main.ts"), ...process.argv.slice(2)], {
  stdio: "inherit",
})
// This process must not end before its child, which may have to put things away.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
child.on("exit", code => process.exit(code ?? 1))
