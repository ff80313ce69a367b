/**
 * The seed of a property test, printed so that a failure can be had again: `SEED=… npx vitest …`. A new one each
 * time unless told.
 */
export function printedSeed(name: string): number {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  console.log(`${name}: seed ${seed}`)
  return seed
}
