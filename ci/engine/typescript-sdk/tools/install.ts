import { spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"

// Run in the module's directory: installs its npm packages, exactly those of the lock file if there is one.

/** Comes with the SDK, so a module that names nothing else needs no install. */
const PROVIDED = ["@dagger.io/dagger", "typescript"]
const LOCK_FILES = ["package-lock.json", "npm-shrinkwrap.json"]

if (needsInstall()) {
  const command = LOCK_FILES.some(file => existsSync(file)) ? ["ci"] : ["install", "--no-package-lock"]
  const { status } = spawnSync("npm", [...command, "--omit=dev", "--no-audit", "--no-fund"], {
    stdio: "inherit",
  })
  process.exitCode = status ?? 1
}

function needsInstall(): boolean {
  if (!existsSync("package.json")) return false
  const { dependencies = {} } = JSON.parse(readFileSync("package.json", "utf8"))
  return Object.keys(dependencies).some(name => !PROVIDED.includes(name))
}
