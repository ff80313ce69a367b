/** How often each property is tried, and the seed, printed so that a failure can be had again: `SEED=… npx vitest …`. */
export function runsOf(property: string): { numRuns: number; seed: number } {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  console.log(`seed of ${property}: ${seed}`)
  return { numRuns: 1000, seed }
}
