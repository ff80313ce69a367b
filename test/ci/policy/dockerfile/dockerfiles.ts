import fc from "fast-check"
import type { Code } from "../../../../ci/policy/rules.ts"
import { plainValue, privateKey, secretName, shapedSecret } from "../secret-samples.ts"

/** A Dockerfile in parts, so that a mutation can spoil one of them. */
export interface Parts {
  readonly head: readonly string[]
  readonly builderBase: string
  readonly builder: readonly string[]
  readonly base: string
  readonly final: readonly string[]
  readonly user: string
  readonly healthcheck: string
}

const hex = fc.stringMatching(/^[0-9a-f]{64}$/)
const repository = fc.stringMatching(/^[a-z]{2,8}(\/[a-z]{2,8})?$/)
const registry = fc.constantFrom("", "registry:5000/", "ghcr.io/")
const version = fc.stringMatching(/^v?[1-9][0-9]{0,2}(\.[0-9]{1,2}){0,2}(-[a-z]{3,8})?$/)
const pinnedBase = fc
  .tuple(
    registry,
    repository,
    fc.oneof(
      version.map(tag => `:${tag}`),
      hex.map(digest => `@sha256:${digest}`),
    ),
  )
  .map(parts => parts.join(""))

const harmless = fc.constantFrom(
  "ENV NODE_ENV=production PORT=3000",
  "ENV NAME value with blanks",
  "ENV HEALTH_TOKEN_FILE=/run/secrets/token",
  'ARG APP_COMMIT=""',
  "WORKDIR /app",
  "COPY . .",
  "ADD app.tar.gz /app",
  "RUN curl -fsSLo /x https://example.org/x && echo 'abc  /x' | sha256sum -c",
  "RUN wget -qO- https://example.org/x | tar -x",
  "RUN --mount=type=secret,id=npm_token NPM_TOKEN=$(cat /run/secrets/npm_token) npm ci",
  "RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*",
  "RUN <<EOF\nFROM evil\nADD https://example.org/x /\nUSER root\nEOF",
  "# USER root",
  "EXPOSE 3000",
)
const lines = fc.array(harmless, { maxLength: 5 })

export const cleanParts: fc.Arbitrary<Parts> = fc.record({
  head: fc.constantFrom([], ["# syntax=docker/dockerfile:1"], ["ARG VERSION=24"]),
  builderBase: fc.oneof(pinnedBase, fc.constant("--platform=linux/amd64 node:24-slim")),
  builder: lines,
  base: fc.oneof(pinnedBase, fc.constantFrom("scratch", "builder", "Builder")),
  final: lines,
  user: fc
    .integer({ min: 1, max: 60_000 })
    .chain(id => fc.constantFrom(`USER ${id}`, `USER ${id}:${id}`, `user "${id}"`)),
  healthcheck: fc.constantFrom(
    'HEALTHCHECK CMD ["true"]',
    "HEALTHCHECK --interval=5s \\\n  # why\n  --timeout=3s \\\n  CMD true",
    "healthcheck cmd true",
  ),
})

export function write(parts: Parts): string {
  const builder = [`FROM ${parts.builderBase} AS builder`, ...parts.builder]
  const production = [
    `from ${parts.base} as production`,
    ...parts.final,
    parts.user,
    parts.healthcheck,
    'CMD ["node"]',
  ]
  return [...parts.head, ...builder, ...production].filter(line => line !== "").join("\n")
}

export interface Mutation {
  readonly code: Code
  readonly apply: (parts: Parts) => Parts
}

const inFinal = (line: string) => (parts: Parts) => ({ ...parts, final: [...parts.final, line] })
const inBuilder = (line: string) => (parts: Parts) => ({ ...parts, builder: [line, ...parts.builder] })
const anywhere = (code: Code, line: fc.Arbitrary<string>) =>
  line
    .chain(text => fc.constantFrom(inFinal(text), inBuilder(text)))
    .map((apply): Mutation => ({ code, apply }))
const one = (code: Code, ...ways: ((parts: Parts) => Parts)[]) =>
  fc.constantFrom(...ways).map((apply): Mutation => ({ code, apply }))

const unpinned = fc.oneof(
  fc
    .tuple(registry, repository, fc.constantFrom("", ":latest", ":lts", ":bookworm-slim", ":stable"))
    .map(p => p.join("")),
  fc.constantFrom("$BASE", "node:$MISSING", "node@sha256:abc"),
)
const url = fc.constantFrom(
  ...["https://example.org/x.tar", "http://x/y", "ftp://x/y", "git@github.com:a/b.git"],
  "https://github.com/a/b.git#main",
)
const pipe = fc.constantFrom(
  ...[
    "curl -fsSL https://x/y | sh",
    "wget -qO- https://x | sudo -E bash -",
    "curl https://x \\\n | /bin/bash",
  ],
  ...['sh -c "$(curl -fsSL https://x)"', "bash <(curl -s https://x)", "true && curl https://x | python3 -"],
  ...["<<EOF\ncurl https://x | sh\nEOF", '["sh", "-c", "curl https://x | sh"]'],
)
const leak = fc.oneof(
  fc
    .tuple(secretName, plainValue, fc.constantFrom("=", " "))
    .map(([name, value, sign]) => `ENV ${name}${sign}${value}`),
  secretName.map(name => `ARG ${name}`),
  fc.tuple(secretName, plainValue).map(([name, value]) => `ARG FIRST=1 ${name}=${value}`),
  fc.tuple(secretName, plainValue).map(([name, value]) => `RUN ${name}=${value} npm ci`),
  shapedSecret.map(value => `ENV INNOCENT="${value}"`),
  shapedSecret.map(value => `RUN login --key ${value}`),
  privateKey.map(value => `RUN <<EOF\n${value}EOF`),
)
const install = fc.constantFrom(
  "RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*",
  "RUN apt-get update \\\n && apt-get -y install --no-install-recommends git",
  "RUN apt install git",
)

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  unpinned.map((base): Mutation => ({ code: "POLICY_BASE_UNPINNED", apply: parts => ({ ...parts, base }) })),
  unpinned.map(
    (builderBase): Mutation => ({
      code: "POLICY_BASE_UNPINNED",
      apply: parts => ({ ...parts, builderBase }),
    }),
  ),
  anywhere(
    "POLICY_BASE_UNPINNED",
    unpinned.map(image => `COPY --from=${image} /x /x`),
  ),
  anywhere(
    "POLICY_ADD_URL",
    url.map(address => `ADD ${address} /x`),
  ),
  anywhere(
    "POLICY_ADD_URL",
    url.map(address => `add --chown=1:1 ["${address}", "/x"]`),
  ),
  anywhere(
    "POLICY_PIPE_TO_SHELL",
    pipe.map(command => `RUN ${command}`),
  ),
  anywhere("POLICY_SECRET_VALUE", leak),
  install.map((line): Mutation => ({ code: "POLICY_APT", apply: inFinal(line) })),
  one(
    "POLICY_USER",
    ...["", "USER root", "USER 0", "USER 0:0", "USER node", "USER $ID", "USER 5\nUSER root"].map(
      user => (parts: Parts) => ({ ...parts, user }),
    ),
  ),
  one(
    "POLICY_HEALTHCHECK",
    ...["", "HEALTHCHECK NONE", "HEALTHCHECK CMD true\nHEALTHCHECK NONE", "# HEALTHCHECK CMD true"].map(
      healthcheck => (parts: Parts) => ({ ...parts, healthcheck }),
    ),
  ),
)
