import { DeployError } from "../errors.ts"
import type { Docker } from "./exec.ts"

// Of Docker 19.03; every later one answers it too.
const apiVersion = "v1.40"

/**
 * Asks Docker's HTTP API for what its command line has no command. The request goes through the command line's own
 * connection, so that it reaches whatever DOCKER_HOST names, by ssh as well.
 *
 * @param path below the version, with its query
 * @throws DeployError DEPLOY_DOCKER_FAILED when Docker refuses
 */
export async function post(docker: Docker, path: string, body: object): Promise<void> {
  const text = JSON.stringify(body)
  const head = [
    `POST /${apiVersion}${path} HTTP/1.1`,
    "Host: docker",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(text)}`,
    "Connection: close",
  ]
  const input = `${head.join("\r\n")}\r\n\r\n${text}`
  const { stdout, stderr } = await docker(["system", "dial-stdio"], { input })
  if (/^HTTP\/1\.1 2\d\d/.test(stdout)) return
  throw new DeployError("DEPLOY_DOCKER_FAILED", `Docker refused ${path.split("?")[0]}`, {
    why: /\{"message":.*\}/.exec(stdout)?.[0] ?? (stderr.trim() || "it gave no answer"),
    todo: "see Docker's message above, and `status` for the state of the environment",
    outcome: "internal",
  })
}
