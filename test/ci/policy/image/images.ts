import { Readable } from "node:stream"
import fc from "fast-check"
import { pack } from "tar-stream"
import type { Image, ImageConfig } from "../../../../ci/policy/image/check.ts"
import { plainValue } from "../secret-samples.ts"

export interface File {
  readonly path: string
  readonly type: "file" | "directory" | "symlink" | "link" | "character-device"
  readonly mode: number
  readonly content?: string
  readonly linkname?: string
  readonly pax?: Record<string, string>
}

export interface Parts {
  readonly config: NonNullable<ImageConfig["config"]>
  readonly history: readonly string[]
  readonly layers: readonly (readonly File[])[]
}

export const file = (path: string, more: Partial<File> = {}): File => ({
  path,
  type: "file",
  mode: 0o644,
  ...more,
})
const folder = (path: string, mode = 0o755): File => ({ path, type: "directory", mode })
/** How a layer removes what a lower one has: a path, or all that is in a folder. */
const removal = (path: string): File => file(path.replace(/([^/]+)$/, ".wh.$1"), { mode: 0 })
const emptied = (path: string): File => file(`${path}/.wh..wh..opq`, { mode: 0 })

const word = fc.stringMatching(/^[a-z]{2,6}$/)
const path = fc.array(word, { minLength: 1, maxLength: 3 }).map(parts => parts.join("/"))
const prefix = fc.constantFrom("", "./", "/")
const content = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.constantFrom(
    "API_KEY=$API_KEY",
    "-----BEGIN CERTIFICATE-----\nabc\n",
    "-----BEGIN PRIVATE KEY-----",
    "sk-short",
  ),
)
const known = fc.constantFrom(
  ...[
    folder("tmp", 0o1777),
    folder("var/tmp/", 0o1777),
    folder("run/lock", 0o1777),
    folder("var/mail", 0o2775),
  ],
  ...[
    file(".env.example"),
    file("app/config/production.env"),
    file("etc/ssl/ca.pem"),
    file("etc/shadow", { mode: 0o640 }),
  ],
  ...[
    file("dev/null", { type: "character-device", mode: 0o666 }),
    file("etc/npmrc", { content: "prefix=/x\n" }),
  ],
  file("bin", { type: "symlink", mode: 0o777, linkname: "usr/bin" }),
)
const cleanFile = fc.oneof(
  fc
    .tuple(prefix, path, fc.constantFrom(0o644, 0o755, 0o600, 0o444, 0o775), content)
    .map(([start, name, mode, text]) => file(start + name, { mode, content: text })),
  known,
)
const layers = fc.array(fc.array(cleanFile, { maxLength: 6 }), { minLength: 1, maxLength: 4 })

/** A file with a right that it should not have, and a layer above it that takes the right, or the file, away. */
const mended = fc.tuple(
  fc.constantFrom(
    ...[
      file("old/su", { mode: 0o4755 }),
      file("old/wall", { mode: 0o2755 }),
      file("old/open", { mode: 0o666 }),
    ],
    file("./old/su", { mode: 0o6711 }),
  ),
  fc.constantFrom<(path: string) => File>(
    name => file(name),
    removal,
    name => file(name, { type: "symlink", mode: 0o777, linkname: "/x" }),
    () => removal("old"),
    () => emptied("old"),
    () => file("old"),
    () => file("/old", { type: "symlink", mode: 0o777, linkname: "/x" }),
  ),
)
const withMended = fc.tuple(layers, fc.option(mended)).map(([some, pair]) => {
  return pair ? [[folder("old"), pair[0]], ...some, [pair[1](pair[0].path)]] : some
})

const history = fc.array(
  fc.constantFrom(
    ...[
      "[production 2/3] COPY --from=builder /out /",
      "ENV HEALTH_TOKEN_FILE=/run/secrets/token",
      "ARG APP_COMMIT=",
    ],
    ...[
      "RUN |1 APP_COMMIT=abc /bin/sh -c npm ci",
      "RUN --mount=type=secret,id=npm_token TOKEN=$(cat /x) npm ci",
    ],
  ),
  { maxLength: 4 },
)
const config = fc.record({
  User: fc.integer({ min: 1, max: 60_000 }).chain(id => fc.constantFrom(String(id), `${id}:${id}`)),
  Env: fc.array(
    fc.oneof(
      plainValue.map(value => `APP_VERSION=${value}`),
      fc.constantFrom("PATH=/usr/bin", "EMPTY_TOKEN=", "LLM_API_KEY_FILE=/run/secrets/x"),
    ),
    { maxLength: 4 },
  ),
  Cmd: fc.constantFrom(["node", "main.cjs"], null),
  Healthcheck: fc.constantFrom({ Test: ["CMD", "true"] }, { Test: ["CMD-SHELL", "true"] }),
})

/** Any image that keeps every rule. */
export const cleanImage: fc.Arbitrary<Parts> = fc.record({ config, history, layers: withMended })

/** The image as the policy reads it, with its layers as real tar archives. */
export async function build({ config, history, layers }: Parts): Promise<Image> {
  const tars = await Promise.all(layers.map(archive))
  return {
    config: { config, history: history.map(created_by => ({ created_by })) },
    layers: tars.map((tar, index) => ({ digest: `sha256:${index}`, open: () => Readable.from(tar) })),
  }
}

/** A tar in pieces of odd sizes, as a stream brings it. */
export async function archive(files: readonly File[]): Promise<Buffer[]> {
  const tar = pack()
  for (const { path: name, type, mode, content = "", linkname, pax } of files) {
    const header = { name, type, mode, ...(linkname !== undefined && { linkname }), ...(pax && { pax }) }
    tar.entry(header, type === "file" ? content : "")
  }
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar) chunks.push(chunk as Buffer)
  const all = Buffer.concat(chunks)
  const pieces: Buffer[] = []
  for (let at = 0; at < all.length; at += 333) pieces.push(all.subarray(at, at + 333))
  return pieces
}
