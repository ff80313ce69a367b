import { expect, test } from "vitest"
import { createHealthRegistry } from "../../../../app/backend/health/registry.ts"
import { createMetrics } from "../../../../app/backend/metrics/metrics.ts"
import { check, collectLines, fails, hangs, passes } from "../health/checks.ts"
import { createFakeClock } from "../health/fake-clock.ts"

async function setup() {
  const metrics = createMetrics({ processMetrics: false })
  const clock = createFakeClock()
  const registry = createHealthRegistry({
    checks: [
      check("good", passes),
      check("bad", fails("unauthorized")),
      check("hung", hangs),
      { ...check("off", passes), enabled: false },
    ],
    critical: ["bad"],
    logger: collectLines().logger,
    intervalMs: 1000,
    timeoutMs: 500,
    clock,
    random: () => 0.5,
    onResult: metrics.health.onResult,
  })
  metrics.health.watch(registry.snapshot)
  registry.start()
  /** The values of one metric, by its labels. */
  const values = async (name: string) => {
    const lines = (await metrics.text()).split("\n").filter(line => line.startsWith(`${name}{`))
    return Object.fromEntries(lines.map(line => line.slice(name.length).split(" ")))
  }
  return { clock, values }
}

test("the state of the dependencies is read when someone asks", async () => {
  const { clock, values } = await setup()
  expect(await values("lockstep_dependency_check_age_seconds")).toEqual({})
  await clock.advance(700)
  expect(await values("lockstep_dependency_status")).toEqual({
    '{dependency="good"}': "1",
    '{dependency="bad"}': "0",
    '{dependency="hung"}': "0.5",
  })
  expect(await values("lockstep_dependency_latency_seconds")).toMatchObject({ '{dependency="hung"}': "0.5" })
  expect(await values("lockstep_dependency_check_age_seconds")).toEqual({
    '{dependency="good"}': "0.7",
    '{dependency="bad"}': "0.7",
    '{dependency="hung"}': "0.2",
  })
  // Its next run cannot begin, so there is no latency any more.
  await clock.advance(900)
  expect(await values("lockstep_dependency_latency_seconds")).not.toHaveProperty('{dependency="hung"}')
})

test("a circuit is seen to open", async () => {
  const { clock, values } = await setup()
  const circuits = () => values("lockstep_dependency_circuit_open")
  await clock.advance(1999)
  expect(await circuits()).toMatchObject({ '{dependency="good"}': "0", '{dependency="bad"}': "0" })
  await clock.advance(1)
  expect(await circuits()).toMatchObject({ '{dependency="good"}': "0", '{dependency="bad"}': "1" })
})

test("finished runs are counted by result and timed", async () => {
  const { clock, values } = await setup()
  await clock.advance(1600)
  expect(await values("lockstep_health_check_runs_total")).toEqual({
    '{dependency="good",result="ok"}': "2",
    '{dependency="bad",result="unauthorized"}': "2",
    '{dependency="hung",result="timeout"}': "2",
  })
  // The second run of what hangs could not begin, so it took no time.
  expect(await values("lockstep_health_check_duration_seconds_count")).toMatchObject({
    '{dependency="good"}': "2",
    '{dependency="hung"}': "1",
  })
})
