import { execa } from "execa"

export interface Change {
  /** Repository that it is pushed to. */
  readonly repository: string
  /** Makes the digest differ, and finds the image for removal: NAME=VALUE. */
  readonly label: string
  /** Of the HEALTHCHECK; the image keeps its command. */
  readonly timing: {
    readonly interval: number
    readonly timeout: number
    readonly retries: number
    readonly startPeriod: number
  }
}

/** The same image with a label more and other times of its health check, pushed; returns its reference by digest. */
export async function derived(reference: string, change: Change): Promise<string> {
  const { repository, label, timing } = change
  await execa("docker", ["pull", "--quiet", reference])
  const { stdout: test } = await execa("docker", [
    "inspect",
    "--format",
    "{{json .Config.Healthcheck.Test}}",
    reference,
  ])
  const [, ...command] = JSON.parse(test) as string[]
  const times = `--interval=${timing.interval}s --timeout=${timing.timeout}s --retries=${timing.retries} --start-period=${timing.startPeriod}s`
  const changes = [`HEALTHCHECK ${times} CMD ${JSON.stringify(command)}`, `LABEL ${label}`]
  const { stdout: container } = await execa("docker", ["create", reference])
  try {
    const name = `${repository}:${label.replace(/.*=/, "")}`
    await execa("docker", ["commit", ...changes.flatMap(line => ["--change", line]), container, name])
    const { stdout } = await execa("docker", ["push", name])
    return `${repository}@${/digest: (sha256:[0-9a-f]{64})/.exec(stdout)?.[1]}`
  } finally {
    await execa("docker", ["rm", container])
  }
}
