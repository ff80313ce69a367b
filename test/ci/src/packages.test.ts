import { readFileSync } from "node:fs"
import { expect, test } from "vitest"

interface Manifest {
  dependencies: Record<string, string>
  devDependencies?: Record<string, string>
}

const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Manifest

test("the pipeline's programs run with the versions of their packages that they are tested with", () => {
  const { dependencies, devDependencies } = read("package.json")
  const { typescript, ...programs } = read("ci/package.json").dependencies
  // The module's own compiler: Dagger's SDK needs this one.
  expect(typescript).toMatch(/^5\./)
  expect({ ...dependencies, ...devDependencies }).toMatchObject(programs)
})
