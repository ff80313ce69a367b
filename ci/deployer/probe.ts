import type { Context } from "./context.ts"
import { isServing } from "./convergence.ts"
import * as commands from "./docker/commands.ts"
import type { Snapshot } from "./docker/model.ts"
import { labels } from "./environments.ts"
import type { Failure } from "./failure.ts"

export interface Probes {
  readonly sent: number
  readonly failed: number
}

/** As often in a row as this, a failed probe is no accident. */
const limit = 3
const timeoutSeconds = 5

/**
 * Asks the release the way its users do. The stack file says how: a service's label names a command that is run in one
 * of its containers, such as a request to the edge. Containers of other nodes cannot be entered from here.
 */
export class Prober {
  private sent = 0
  private failed = 0
  private inARow = 0
  private lastWords = ""
  private readonly context: Context

  constructor(context: Context) {
    this.context = context
  }

  get probes(): Probes {
    return { sent: this.sent, failed: this.failed }
  }

  /** Whether the last probe failed. */
  get isFailing(): boolean {
    return this.inARow > 0
  }

  /** Does nothing when no service names a command, or none of its containers is here. */
  async probe(now: Snapshot): Promise<void> {
    for (const service of now.services) {
      const command = service.labels[labels.probe]?.split(" ").filter(Boolean)
      const tasks = now.tasks.filter(task => task.serviceId === service.id && isServing(task, now.containers))
      const container = now.containers.find(({ id }) => tasks.some(task => task.containerId === id))
      if (command?.length && container) await this.run(container.id, command)
    }
  }

  /** Why the release is bad, once enough probes failed in a row. */
  failure(): Failure | undefined {
    if (this.inARow < limit) return undefined
    return {
      code: "DEPLOY_PROBE_FAILED",
      message: `the release does not answer: ${this.inARow} probes in a row failed`,
      why: this.lastWords || "the probe said nothing",
      todo: `see the application's logs; the probe is the label ${labels.probe} in the stack file`,
      evidence: [],
    }
  }

  private async run(container: string, command: readonly string[]): Promise<void> {
    const result = await this.context
      .docker(commands.execute(container, command), { timeoutSeconds })
      .catch((error: Error) => ({ code: 1, stderr: error.message, stdout: "" }))
    this.sent++
    if (result.code === 0) {
      this.inARow = 0
      return
    }
    this.failed++
    this.inARow++
    this.lastWords = (result.stderr || result.stdout).trim().split("\n").at(-1) ?? ""
  }
}
