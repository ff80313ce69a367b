import { posix } from "node:path"
import type { ServiceRule } from "./check.ts"
import { type Fields, fields, list, names, type Service, type StackFile } from "./model.ts"

/** Settings that take a namespace of the host, or of another container, in place of the container's own. */
const namespaces = ["network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup"]
/** Folders that hold, or lead to, the sockets of Docker and containerd or Docker's own files. */
const guarded =
  /(docker|containerd|podman)\.sock$|^\/(proc|sys|dev|etc|root|run|var|var\/run|var\/lib|var\/lib\/docker)?$|^\/var\/lib\/docker\//

/** Ways out of the container. */
export const hostRules = {
  POLICY_HOST_ACCESS: (service, file) => [
    ...namespaces
      .filter(name => isForeign(service[name]))
      .map(name => `${name} is ${JSON.stringify(service[name])}`),
    ...(service.privileged === undefined || service.privileged === false ? [] : ["privileged is set"]),
    ...(service.use_api_socket === undefined || service.use_api_socket === false
      ? []
      : ["it gets Docker's socket"]),
    ...(list(service.devices).length > 0 ? ["it gets devices of the host"] : []),
    ...list(service.security_opt)
      .filter(option => /unconfined|disable/.test(String(option)))
      .map(option => `security_opt has ${option}`),
    ...names(service.networks)
      .filter(name => isHostNetwork(name, file.networks))
      .map(name => `network ${name} is the host's`),
    ...mounted(service, file)
      .filter(path => guarded.test(clean(path)))
      .map(path => `it mounts ${path}`),
  ],
} satisfies Record<string, ServiceRule>

function isForeign(mode: unknown): boolean {
  return /^(host|container:|service:)/.test(String(mode ?? ""))
}

function isHostNetwork(name: string, networks: Fields): boolean {
  const network = fields(networks[name])
  return (
    network.name === "host" || network.driver === "host" || (name === "host" && network.external === true)
  )
}

/** Paths of the host that the service's volumes show, also through a volume that is declared at the top. */
function mounted(service: Service, file: StackFile): string[] {
  return list(service.volumes).map(volume => {
    const source = typeof volume === "string" ? volume.split(":")[0] : fields(volume).source
    const options = fields(fields(file.volumes[String(source)]).driver_opts)
    return String(options.device ?? source ?? "")
  })
}

/** The path without detours; names of volumes are left as they are. */
function clean(path: string): string {
  return path.startsWith("/") ? posix.join(path, ".").replace(/(.)\/$/, "$1") : path
}
