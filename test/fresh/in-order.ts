import { beforeEach } from "vitest"

/** For a file whose tests each go on where the one before ended: after a failure the others are skipped. */
export function inOrder(): void {
  let broken = false
  beforeEach(({ skip, onTestFailed }) => {
    skip(broken, "a step before it failed")
    onTestFailed(() => {
      broken = true
    })
  })
}
