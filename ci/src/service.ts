import type { Container, Directory } from "@dagger.io/dagger"
import { install } from "./node.js"

/** The application as a package of its own: as init-app puts it into app/. */
export interface Service {
  /** The scripts of its package.json, by name. */
  scripts: Record<string, string>
  /** Its files, with its packages installed, and built if it has a script for that. */
  built: Container
}

/** @returns undefined where the application shares the repository's package.json */
export async function serviceIn(source: Directory): Promise<Service | undefined> {
  if (!(await source.exists("app/package.json"))) return undefined
  const app = source.directory("app")
  const { scripts = {} } = JSON.parse(await app.file("package.json").contents()) as Partial<Service>
  const names = ["package.json", "package-lock.json"]
  if (await app.exists(".npmrc")) names.push(".npmrc")
  const manifests = names.map(name => app.file(name))
  const built = install("/work/app", manifests)
    .withDirectory(".", app)
    .withEnvVariable("CI", "true")
    .withExec(["npm", "run", "--if-present", "build"])
  return { scripts, built }
}
