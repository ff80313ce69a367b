import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Artifact, keyOf, keyOfFiles, orPacked } from "../lib/store.ts"
import { compile, type Go } from "./go.ts"

const moduleDir = join(dirname(fileURLToPath(import.meta.url)), "..", "proxy")
const flags = ["-trimpath", "-buildvcs=false", "-ldflags", "-s -w"]

/** The last part of the module's name. */
export const proxyProgram = "lockstep-proxy"

/** The program that records what is fetched, and replays it; it needs nothing but Go's own library. */
export async function proxyBinary(go: Go): Promise<Artifact> {
  return orPacked({
    name: "proxy",
    key: keyOf(go.version, flags, await keyOfFiles(moduleDir)),
    make: dir => compile(go, { moduleDir, dir, args: flags }),
  })
}
