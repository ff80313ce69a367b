import { parseArgs } from "node:util"
import { benchBuild } from "./build.ts"
import { benchCalls } from "./calls.ts"
import { chartNames } from "./charts/draw.ts"
import { benchDeployBroken } from "./deploy/broken.ts"
import { benchDeployCluster } from "./deploy/cluster.ts"
import { benchDeployEdge } from "./deploy/edge.ts"
import { benchDeployGrowth } from "./deploy/growth.ts"
import { benchDeploy } from "./deploy/releases.ts"
import { benchDeployTime } from "./deploy/timing.ts"
import { drawChart, replaceTable } from "./document.ts"
import { benchHealth } from "./health/terminus.ts"
import { benchHttp } from "./http/http.ts"
import { benchLogFile } from "./logging/log-file.ts"
import { benchScan } from "./scan.ts"
import { benchService } from "./service.ts"
import { benchSizes } from "./sizes.ts"

const benches: Record<string, () => Promise<string>> = {
  calls: benchCalls,
  build: benchBuild,
  sizes: benchSizes,
  scan: benchScan,
  http: benchHttp,
  "log-file": benchLogFile,
  health: benchHealth,
  service: benchService,
  deploy: benchDeploy,
  "deploy-time": benchDeployTime,
  "deploy-broken": benchDeployBroken,
  "deploy-edge": benchDeployEdge,
  "deploy-cluster": benchDeployCluster,
  "deploy-growth": benchDeployGrowth,
}

const usage = `usage: npm run bench -- [NAME …] [--write]

NAME is one of: ${Object.keys(benches).join(", ")}; all of them unless named.
--write puts the tables into docs/benchmarks.md and draws their charts.
charts in place of names draws the charts of the tables that are there, without measuring.`

const { positionals, values } = parseArgs({ allowPositionals: true, options: { write: { type: "boolean" } } })
const unknown = positionals.find(name => !Object.hasOwn(benches, name))
if (positionals.join() === "charts") for (const name of chartNames) await drawChart(name)
else if (unknown === undefined) await run(positionals.length > 0 ? positionals : Object.keys(benches))
else {
  console.error(`there is no benchmark "${unknown}"\n\n${usage}`)
  process.exitCode = 64
}

/** One after the other: two at once would measure each other. */
async function run(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const started = Date.now()
    const table = (await benches[name]?.()) ?? ""
    console.log(`\n${name}, measured in ${((Date.now() - started) / 1000).toFixed(0)} s\n\n${table}`)
    if (values.write) await replaceTable(name, table)
  }
}
