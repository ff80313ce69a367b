import { afterAll, afterEach, beforeAll } from "vitest"
import { Stage } from "./stage.ts"

/** A stage for all the tests of a file, cleared after each. */
export function useStage(): () => Stage {
  let stage: Stage
  beforeAll(async () => {
    stage = await Stage.create()
  })
  afterEach(() => stage.clear())
  afterAll(() => stage?.close())
  return () => stage
}
