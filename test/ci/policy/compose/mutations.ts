import fc from "fast-check"
import type { Code } from "../../../../ci/policy/rules.ts"
import { plainValue, privateKey, secretName, shapedSecret } from "../secret-samples.ts"
import { type Data, variable } from "./stacks.ts"

export interface Mutation {
  readonly code: Code
  readonly apply: (service: Data) => void
}

const digest = `sha256:${"a".repeat(64)}`
const nothing = [
  undefined,
  null,
  0,
  "0",
  "-1",
  "",
  variable("EMPTY"),
  variable("EMPTY:-"),
  variable("EMPTY:-0"),
]

const one = (code: Code, ...ways: ((service: Data) => void)[]) =>
  fc.constantFrom(...ways).map((apply): Mutation => ({ code, apply }))

const noAmount = (code: Code, at: (service: Data) => Data, ...keys: string[]) =>
  fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...nothing)).map(
    ([key, value]): Mutation => ({
      code,
      apply: service => {
        at(service)[key] = value
      },
    }),
  )

const mounts = [
  "/var/run/docker.sock",
  "/run/docker.sock",
  "/",
  "/var/run",
  "/var//run/",
  "/var/lib/docker/x",
  "/run/./",
  "/srv/../var/run/",
  "docker",
]
const hostMount = fc
  .constantFrom(...mounts)
  .chain(source =>
    fc.constantFrom<unknown>(`${source}:/x`, `${source}:/x:ro`, { type: "bind", source, target: "/x" }),
  )

const inEnvironment = (name: string, value: string) => (service: Data) => {
  const { environment } = service
  if (Array.isArray(environment)) service.environment = [...environment, `${name}=${value}`]
  else service.environment = { ...environment, [name]: value }
}
const secretValue = fc
  .oneof(
    fc.tuple(secretName, fc.oneof(plainValue, fc.constantFrom(variable("KEY"), variable("KEY:?")))),
    fc.tuple(fc.constant("INNOCENT"), fc.oneof(shapedSecret, privateKey)),
    fc
      .oneof(plainValue, fc.constantFrom(variable("PW"), `x${variable("PW:?")}`))
      .map((word): [string, string] => ["ADDRESS", `postgres://user:${word}@db/x`]),
  )
  .map(([name, value]) => inEnvironment(name, value))
const secretElsewhere = shapedSecret.chain(secret =>
  fc.constantFrom<(service: Data) => void>(
    service => Object.assign(service, { command: ["run", `--key=${secret}`] }),
    service => Object.assign(service, { labels: { key: secret } }),
    service => Object.assign(service, { env_file: ".env" }),
    service => Object.assign(service, { environment: ["PASSWORD"] }),
  ),
)
const breaking = (code: Code, applied: fc.Arbitrary<(service: Data) => void>) =>
  applied.map((apply): Mutation => ({ code, apply }))

/** Every way in which a required trait is taken away or spoilt; each breaks one rule and no other. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  noAmount("POLICY_LIMITS", s => s.deploy.resources.limits, "cpus", "memory", "pids"),
  one("POLICY_LIMITS", s => delete s.deploy.resources.limits),
  noAmount("POLICY_RESERVATIONS", s => s.deploy.resources.reservations, "cpus", "memory"),
  one("POLICY_RESERVATIONS", s => delete s.deploy.resources.reservations),
  one(
    "POLICY_RESTART",
    s => delete s.deploy.restart_policy,
    s => Object.assign(s.deploy.restart_policy, { condition: "none" }),
  ),
  one(
    "POLICY_HEALTHCHECK",
    s => Object.assign(s, { healthcheck: { disable: true } }),
    s => Object.assign(s, { healthcheck: { disable: variable("OFF:-true"), test: "true" } }),
    s => Object.assign(s, { healthcheck: { test: ["NONE"] } }),
    s => Object.assign(s, { healthcheck: undefined, image: `x@${digest}`, user: 1 }),
    s => Object.assign(s, { healthcheck: { test: ["CMD"] }, image: `x@${digest}`, user: 1 }),
  ),
  one(
    "POLICY_USER",
    ...["root", "node", "0", "0:0", 0, "00", "", "node:node", "1001:root"].map(
      user => (s: Data) => Object.assign(s, { user }),
    ),
    s => Object.assign(s, { user: undefined, image: `x@${digest}`, healthcheck: { test: "true" } }),
  ),
  one(
    "POLICY_READ_ONLY",
    s => delete s.read_only,
    s => Object.assign(s, { read_only: false }),
  ),
  one(
    "POLICY_CAPABILITIES",
    s => delete s.cap_drop,
    s => Object.assign(s, { cap_drop: ["NET_RAW"] }),
    s => Object.assign(s, { cap_add: ["SYS_ADMIN"] }),
  ),
  noAmount("POLICY_LOG_ROTATION", s => s.logging.options, "max-size", "max-file"),
  one(
    "POLICY_LOG_ROTATION",
    s => delete s.logging,
    s => Object.assign(s.logging, { driver: "syslog" }),
  ),
  one(
    "POLICY_NETWORK",
    s => delete s.networks,
    s => Object.assign(s, { networks: [] }),
    s => Object.assign(s, { networks: ["app", "stranger"] }),
    s => Object.assign(s, { networks: { stranger: null } }),
  ),
  one(
    "POLICY_HOST_ACCESS",
    s => Object.assign(s, { network_mode: "host" }),
    s => Object.assign(s, { network_mode: "container:x" }),
    s => Object.assign(s, { pid: "host" }),
    s => Object.assign(s, { use_api_socket: true }),
    s => Object.assign(s, { ipc: "host" }),
    s => Object.assign(s, { privileged: true }),
    s => Object.assign(s, { devices: ["/dev/kmsg:/dev/kmsg"] }),
    s => Object.assign(s, { security_opt: ["seccomp=unconfined"] }),
  ),
  breaking(
    "POLICY_HOST_ACCESS",
    hostMount.map(mount => s => Object.assign(s, { volumes: [...(s.volumes ?? []), mount] })),
  ),
  breaking("POLICY_SECRET_VALUE", fc.oneof(secretValue, secretElsewhere)),
  one(
    "POLICY_SECRET_SOURCE",
    ...["loose", "stranger"].map(name => (s: Data) => Object.assign(s, { secrets: [name] })),
  ),
  one(
    "POLICY_IMAGE_BY_DIGEST",
    ...[
      "node:24",
      "node",
      "node@sha256:abc",
      variable("IMAGE"),
      variable("IMAGE:-node"),
      variable("IMAGE?"),
      `node:${variable("TAG:?")}`,
      undefined,
    ].map(
      // An image of another name brings nothing along, so the service says it here.
      image => (s: Data) => Object.assign(s, { image, user: 1, healthcheck: { test: "true" } }),
    ),
  ),
  one(
    "POLICY_PORTS",
    s => delete s.deploy.endpoint_mode,
    s => Object.assign(s.deploy, { endpoint_mode: "vip" }),
    s => Object.assign(s, { ports: ["80:80"] }),
    s => Object.assign(s, { ports: [{ target: 80, published: 80 }] }),
    s => Object.assign(s, { ports: [{ target: 80, published: 80, mode: "ingress" }] }),
  ),
  one(
    "POLICY_UPDATE",
    s => delete s.deploy.update_config,
    s => Object.assign(s.deploy.update_config, { failure_action: "continue" }),
  ),
  one(
    "POLICY_ROLLBACK",
    s => delete s.deploy.rollback_config,
    s => delete s.deploy.rollback_config.failure_action,
  ),
)
