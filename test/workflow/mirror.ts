import { readFile } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import { join } from "node:path"
import { freePort } from "../deployment/real-docker.ts"

/** Serves a vulnerability database, as a web server of one's own does where OSV's cannot be reached. */
export class Mirror {
  /** What LOCKSTEP_ENV says of it. */
  readonly setting: string
  readonly #server: Server

  private constructor(server: Server, port: number) {
    this.#server = server
    this.setting = `REFRESHDB_MIRROR=tcp://localhost:${port}`
  }

  static async of(database: string): Promise<Mirror> {
    const port = await freePort()
    const server = createServer((request, response) => {
      readFile(join(database, request.url ?? "")).then(
        content => response.end(content),
        () => response.writeHead(404).end(),
      )
    })
    return new Mirror(server.listen(port), port)
  }

  close(): void {
    this.#server.close()
  }
}
