import type { Directory } from "@dagger.io/dagger"
import { summarise } from "./lib/test-summary.js"
import { workspace } from "./node.js"

/** All three, side by side; a line of summary for each. */
export async function checkApp(source: Directory): Promise<string[]> {
  return await Promise.all([typeCheckApp(source), lintApp(source), testApp(source)])
}

/** Fails with the compiler's messages. */
export async function typeCheckApp(source: Directory): Promise<string> {
  await workspace(source).withExec(["npm", "run", "--silent", "app:types"]).sync()
  return "types  ok"
}

/** Fails with the linter's messages. */
export async function lintApp(source: Directory): Promise<string> {
  await workspace(source).withExec(["npm", "run", "--silent", "app:lint"]).sync()
  return "lint   ok"
}

/** Fails with the failing tests' names, which the test runner prints. */
export async function testApp(source: Directory): Promise<string> {
  const reporters = ["--reporter=default", "--reporter=json", "--outputFile.json=/tmp/report.json"]
  const run = workspace(source)
    .withEnvVariable("CI", "true")
    .withExec(["npm", "run", "--silent", "app:test", "--", ...reporters])
  return `tests  ${summarise(await run.file("/tmp/report.json").contents())}`
}
