import { toDeployError } from "./errors.ts"
import { errorText } from "./report.ts"
import { forward } from "./ssh/client.ts"

/**
 * Leads the port PORT of this machine, for everyone who reaches it, to ADDRESS in the eyes of the Docker host, until it is
 * stopped: node tunnel.ts PORT ADDRESS.
 */
const [port = "", address = ""] = process.argv.slice(2)

try {
  await forward(Number(port), address, process.env)
} catch (thrown) {
  process.stderr.write(`${errorText(toDeployError(thrown))}\n`)
  process.exitCode = 10
}
