import type { Container, Directory } from "@dagger.io/dagger"
import { summarise, summariseOutput } from "./lib/test-summary.js"
import { workspace } from "./node.js"
import { type Service, serviceIn } from "./service.js"

/** All three, side by side; a line of summary for each. */
export async function checkApp(source: Directory): Promise<string[]> {
  return await Promise.all([typeCheckApp(source), lintApp(source), testApp(source)])
}

/** Fails with the compiler's messages. */
export async function typeCheckApp(source: Directory): Promise<string> {
  const service = await serviceIn(source)
  if (service) return `types  ${await runIfThere(service, "typecheck")}`
  await run(workspace(source), "app:types").sync()
  return "types  ok"
}

/** Fails with the linter's messages. */
export async function lintApp(source: Directory): Promise<string> {
  const service = await serviceIn(source)
  if (service) return `lint   ${await runIfThere(service, "lint")}`
  await run(workspace(source), "app:lint").sync()
  return "lint   ok"
}

/** Fails with the failing tests' names, which the test runner prints. */
export async function testApp(source: Directory): Promise<string> {
  const service = await serviceIn(source)
  if (service) return `tests  ${summariseOutput(await run(service.built, "test").stdout())}`
  const reporters = ["--reporter=default", "--reporter=json", "--outputFile.json=/tmp/report.json"]
  const ran = run(workspace(source).withEnvVariable("CI", "true"), "app:test", "--", ...reporters)
  return `tests  ${summarise(await ran.file("/tmp/report.json").contents())}`
}

async function runIfThere({ scripts, built }: Service, script: string): Promise<string> {
  if (scripts[script] === undefined) return `no script "${script}" in app/package.json`
  await run(built, script).sync()
  return "ok"
}

function run(container: Container, script: string, ...args: string[]): Container {
  return container.withExec(["npm", "run", "--silent", script, ...args])
}
