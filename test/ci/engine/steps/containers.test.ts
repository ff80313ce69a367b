import { expect, test } from "vitest"
import { KitError } from "../../../../ci/engine/lib/errors.ts"
import { portTaken } from "../../../../ci/engine/steps/containers.ts"

function dockerSaid(why: string): KitError {
  return new KitError("KIT_TOOL_FAILED", "docker run failed", { why, fix: "" })
}

test.each([
  "driver failed programming external connectivity: Bind for 127.0.0.1:5000 failed: port is already allocated.",
  "Error starting userland proxy: listen tcp4 127.0.0.1:5000: bind: address already in use.",
])("a port that is taken is named: %s", said => {
  expect(portTaken(dockerSaid(said))).toMatchObject({ code: "KIT_PORT_TAKEN", why: said })
  expect(portTaken(dockerSaid(said))?.message).toContain("127.0.0.1:5000")
})

test("other complaints of Docker are left as they are", () => {
  expect(portTaken(dockerSaid("no such image"))).toBeUndefined()
})
