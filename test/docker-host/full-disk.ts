import type { DockerHost } from "./host.ts"

const file = "/var/lib/docker/fill"
const stop = "/tmp/stop-filling"
const pid = "/tmp/filling.pid"

/** The disk of a host that has one of its own. */
export class FullDisk {
  readonly #host: DockerHost

  constructor(host: DockerHost) {
    this.#host = host
  }

  /** Leaves so many kilobytes free. */
  async fillTo(kilobytes: number): Promise<void> {
    const free = "$(df --output=avail -k /var/lib/docker | tail -n 1)"
    await this.#host.inside(`head -c $((${free} - ${kilobytes}))K /dev/zero >> ${file}`)
  }

  /** Takes what is free, and whatever comes free, as a log does that grows. */
  async fill(): Promise<void> {
    const loop = `until test -e ${stop}; do cat /dev/zero >> ${file}; sleep 0.1; done`
    await this.#host.inside(`(${loop}) > /dev/null 2>&1 & echo $! > ${pid}`)
    await this.#host.inside("until df /var/lib/docker | grep 100%; do sleep 0.1; done")
  }

  async makeRoom(): Promise<void> {
    const ended = `while test -d /proc/$(cat ${pid}); do sleep 0.1; done`
    await this.#host.inside(`touch ${stop}; ${ended}; rm ${stop} ${file}`)
  }
}
