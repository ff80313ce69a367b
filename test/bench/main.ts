import { benchCalls } from "./calls.ts"

const benches: Record<string, () => Promise<string>> = { calls: benchCalls }

const [name = ""] = process.argv.slice(2)
const bench = benches[name]
if (bench) {
  console.log(await bench())
} else {
  console.error(`usage: npm run bench -- NAME\n\nNAME is one of: ${Object.keys(benches).join(", ")}`)
  process.exitCode = 64
}
