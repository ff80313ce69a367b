import fc from "fast-check"
import type { Code } from "../../../../ci/policy/rules.ts"
import { plainValue, privateKey, secretName, shapedSecret } from "../secret-samples.ts"
import { type File, file, type Parts } from "./images.ts"

export interface Mutation {
  readonly code: Code
  /** What the finding has to name. */
  readonly names: string
  readonly apply: (parts: Parts) => Parts
}

const configured = (code: Code, names: string, more: Parts["config"]): Mutation => ({
  code,
  names,
  apply: parts => ({ ...parts, config: { ...parts.config, ...more } }),
})

/** The file in a layer, whichever: those of other files do not touch it. */
const inLayer = (code: Code, files: fc.Arbitrary<File>) =>
  fc.tuple(fc.nat(), files).map(([pick, added]): Mutation => {
    const apply = (parts: Parts) => {
      const at = pick % parts.layers.length
      return {
        ...parts,
        layers: parts.layers.map((layer, index) => (index === at ? [...layer, added] : layer)),
      }
    }
    return { code, names: `/${added.path}`, apply }
  })

/** Put in by one layer and removed by the next: the file system no longer has it, but whoever pulls the image has. */
const hidden = (code: Code, files: fc.Arbitrary<File>) =>
  files.map((added): Mutation => {
    const gone = file(added.path.replace(/([^/]+)$/, ".wh.$1"))
    return {
      code,
      names: `/${added.path}`,
      apply: parts => ({ ...parts, layers: [[added], ...parts.layers, [gone]] }),
    }
  })

const environment = fc.oneof(
  fc.tuple(secretName, plainValue).map(([name, value]) => [name, `${name}=${value}`] as const),
  fc.oneof(shapedSecret, privateKey).map(value => ["INNOCENT", `INNOCENT=${value}`] as const),
)
const past = fc.oneof(
  fc.tuple(secretName, plainValue).map(([name, value]) => `ENV ${name}=${value}`),
  fc
    .tuple(secretName, plainValue)
    .map(([name, value]) => `RUN |2 A=1 ${name}=${value} /bin/sh -c npm ci # buildkit`),
  secretName.map(name => `ARG ${name}`),
  shapedSecret.map(value => `RUN /bin/sh -c login ${value}`),
)

const secretPath = fc.constantFrom(
  ...[
    "x-new/.env",
    "x-new/.env.production",
    "x-new/id_rsa",
    "x-new/.ssh/id_ed25519",
    "x-new/.netrc",
    "x-new/site.p12",
  ],
  ...["x-new/.aws/credentials", "x-new/.docker/config.json", "x-new/.git-credentials"],
)
const padding = fc.integer({ min: 0, max: 3000 }).map(length => "x".repeat(length))
const secretFile = fc.oneof(
  secretPath.map(path => file(path)),
  fc
    .tuple(padding, fc.oneof(privateKey, shapedSecret), padding)
    .chain(([before, secret, after]) =>
      fc
        .constantFrom("x-new/key.pem", "x-new/main.js", "x-new/data")
        .map(path => file(path, { content: `${before}\n${secret}\n${after}` })),
    ),
  plainValue.map(key => file("x-new/.npmrc", { content: `//registry.example/:_authToken=${key}\n` })),
)

const capability = { "SCHILY.xattr.security.capability": "\u0001\u0000\n\u0002" }
const special = fc.oneof(
  fc.constantFrom(0o4755, 0o2755, 0o6711, 0o4000).map(mode => file("x-new/su", { mode })),
  fc.constant(file("x-new/ping", { mode: 0o755, pax: capability })),
)
const open = fc.constantFrom(
  file("x-new/open", { mode: 0o666 }),
  file("x-new/run", { mode: 0o777 }),
  file("tmp/x-new", { mode: 0o666 }),
  file("x-new/folder", { type: "directory", mode: 0o1777 }),
  file("x-new/folder", { type: "directory", mode: 0o777 }),
)
/** The folders that may be open must at least keep users from each other's files. */
const notSticky = fc.constantFrom("tmp", "var/tmp", "run/lock").map((path): Mutation => {
  const added = file(path, { type: "directory", mode: 0o777 })
  return {
    code: "POLICY_WORLD_WRITABLE",
    names: `/${path}`,
    apply: parts => ({ ...parts, layers: [...parts.layers, [added]] }),
  }
})
const linked = (parts: Parts): Parts => ({
  ...parts,
  layers: [
    ...parts.layers,
    [file("x-new/su", { mode: 0o4755 })],
    [file("x-new/sudo", { type: "link", linkname: "x-new/su" })],
  ],
})

/** Every way in which an image breaks a rule; each breaks one and no other. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc
    .constantFrom("", "root", "0", "0:0", "node", "10001:root")
    .map(User => configured("POLICY_USER", "runs as", { User })),
  fc
    .constantFrom<{ Test?: string[] }>({}, { Test: ["NONE"] }, { Test: [] })
    .map(Healthcheck => configured("POLICY_HEALTHCHECK", "Healthcheck", { Healthcheck })),
  environment.map(([name, entry]) => configured("POLICY_SECRET_VALUE", name, { Env: ["PATH=/bin", entry] })),
  shapedSecret.map(value => configured("POLICY_SECRET_VALUE", "command", { Cmd: ["run", value] })),
  past.map((step): Mutation => {
    return {
      code: "POLICY_SECRET_VALUE",
      names: "history",
      apply: parts => ({ ...parts, history: [...parts.history, step] }),
    }
  }),
  inLayer("POLICY_SECRET_FILE", secretFile),
  hidden("POLICY_SECRET_FILE", secretFile),
  inLayer("POLICY_SETUID", special),
  fc.constant<Mutation>({ code: "POLICY_SETUID", names: "/x-new/sudo", apply: linked }),
  inLayer("POLICY_WORLD_WRITABLE", open),
  notSticky,
)
