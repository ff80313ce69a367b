import fc from "fast-check"
import { plainValue } from "../secret-samples.ts"

// biome-ignore lint/suspicious/noExplicitAny: a stack file is plain data, and mutations reach deep into it.
export type Data = any

export interface Stack {
  services: Record<string, Data>
  networks: Record<string, Data>
  volumes: Record<string, Data>
  secrets: Record<string, Data>
}

/** A variable as Compose writes it. */
export const variable = (inside: string) => `\${${inside}}`

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/).filter(text => text !== "host")
const hex = fc.stringMatching(/^[0-9a-f]{64}$/)
const percent = fc.integer({ min: 1, max: 400 })
const asIsOrText = (amount: fc.Arbitrary<number>) =>
  amount.chain(n => fc.constantFrom<number | string>(n, String(n)))
const size = fc.tuple(percent, fc.constantFrom("k", "M", "G", "")).map(([n, unit]) => `${n}${unit}`)
const byDefault = (amount: fc.Arbitrary<string>) => amount.map(text => variable(`MEMORY:-${text}`))

const resources = fc.record({
  limits: fc.record({
    cpus: percent.map(n => String(n / 100)),
    memory: fc.oneof(size, byDefault(size), fc.constant(variable("MEMORY:?"))),
    pids: asIsOrText(percent),
  }),
  reservations: fc.record({ cpus: percent.map(n => n / 100), memory: size }),
})

const deploy = fc.record({
  endpoint_mode: fc.constant("dnsrr"),
  replicas: fc.integer({ min: 1, max: 9 }),
  restart_policy: fc.record({ condition: fc.constantFrom("any", "on-failure") }),
  update_config: fc.record({ failure_action: fc.constant("rollback"), parallelism: percent }),
  rollback_config: fc.record({ failure_action: fc.constantFrom("pause", "continue") }),
  resources,
})

const imageByDigest = fc
  .tuple(name, hex)
  .map(([repository, digest]) => `reg:5000/${repository}@sha256:${digest}`)
const command = fc.constantFrom<unknown>(["CMD", "true"], ["CMD-SHELL", "true"], "true")
const user = fc
  .integer({ min: 1, max: 60_000 })
  .chain(id => fc.constantFrom<unknown>(id, String(id), `${id}:${id}`))

/** Either the image brings user and health check, or the service says them; or both do. */
const identity = fc.oneof(
  fc.record({ image: fc.constantFrom(variable("BACKEND_IMAGE:?"), variable("BACKEND_IMAGE:?by digest")) }),
  fc.record({
    image: fc.oneof(
      imageByDigest,
      fc.constantFrom(variable("OTHER:?"), variable("BACKEND_IMAGE:?"), `name@${variable("DIGEST:?")}`),
    ),
    healthcheck: fc.record({ test: command, interval: fc.constant("5s") }),
    user,
  }),
)

/** What is no secret though it sounds so: paths, settings about secrets. */
const harmless = fc.dictionary(
  fc.constantFrom(
    "PORT",
    "APP_ENV",
    "HEALTH_TOKEN_FILE",
    "TOKEN_TTL",
    "PASSWORD_MIN_LENGTH",
    "KEYBOARD",
    "APP_DIGEST",
  ),
  fc.oneof(
    plainValue,
    fc.integer(),
    fc.constant(variable("VALUE:-x")),
    fc.constant("https://user@host/path"),
  ),
)
const asList = (values: Record<string, unknown>) =>
  Object.entries(values).map(([key, value]) => `${key}=${value}`)
const environment = harmless.chain(values => fc.constantFrom<unknown>(values, asList(values)))

const port = fc.record({ target: percent, published: percent, mode: fc.constant("host") })
const volume = fc.constantFrom<unknown>(
  { type: "tmpfs", target: "/tmp" },
  { type: "volume", source: "data", target: "/data" },
  "data:/data",
  "/srv/files:/files:ro",
)

const container = fc.record({
  read_only: fc.constant(true),
  cap_drop: fc.constantFrom(["ALL"], ["all"], ["NET_RAW", "ALL"]),
  logging: fc.record({
    driver: fc.constantFrom("json-file", "local"),
    options: fc.record({ "max-size": size, "max-file": asIsOrText(percent) }),
  }),
  networks: fc.constantFrom<unknown>(["app"], { app: null }, ["app", "data"], { data: { aliases: ["x"] } }),
})

const extras = fc.record(
  {
    environment,
    ports: fc.array(port, { maxLength: 2 }),
    volumes: fc.array(volume, { maxLength: 3 }),
    secrets: fc.constantFrom<unknown>(["key"], [{ source: "outer", target: "x" }], []),
    command: fc.constantFrom<unknown>("node main.js", ["node", "main.js"]),
    init: fc.boolean(),
    privileged: fc.constant(false),
  },
  { requiredKeys: [] },
)

const service = fc
  .tuple(identity, container, extras, deploy)
  .map(([who, what, more, how]): Data => ({ ...who, ...what, ...more, deploy: how }))

/** Any stack file that keeps every rule, in the many ways in which one can be written. */
export const cleanStack: fc.Arbitrary<Stack> = fc
  .dictionary(name, service, { minKeys: 1, maxKeys: 4, noNullPrototype: true })
  .map(services => ({
    services,
    networks: { app: { driver: "overlay" }, data: null },
    volumes: {
      data: null,
      docker: { driver_opts: { type: "none", o: "bind", device: "/var/run/docker.sock" } },
    },
    secrets: { key: { file: "./key" }, outer: { external: true }, loose: { environment: "KEY" } },
  }))

const plain = { user: true, healthcheck: true }
/** What the shipped images bring. */
export const imagesBring = new Map(["BACKEND", "FRONTEND", "EDGE"].map(name => [`${name}_IMAGE`, plain]))
