import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { nodeImageReference, registryPort, versions } from "../../ci/engine/versions.ts"
import { Clone } from "../e2e/clone.ts"
import { Layout } from "../e2e/layout.ts"
import { machine } from "./table.ts"

const minimalBase = "distroless/nodejs24-debian12:nonroot"
const bases: Record<string, string> = {
  backend: nodeImageReference,
  frontend: `library/caddy:${versions.caddy}`,
  edge: `library/caddy:${versions.caddy}`,
}

/**
 * Sizes of the images that are deployed: their own layers as they are pulled, and all files without compression.
 *
 * @returns a table in Markdown, in megabytes (10⁶ bytes), and in kilobytes what is the project's own
 */
export async function benchSizes(): Promise<string> {
  const clone = await Clone.create()
  const dir = await mkdtemp(join(tmpdir(), "lockstep-sizes-"))
  try {
    const rows = await Promise.all(
      Object.entries(await exportAll(clone, dir)).map(([name, base]) => row(name, join(dir, name), base)),
    )
    return [
      `commit ${await clone.commit()}; base images of the kit, ${machine()}`,
      "",
      "| image | own content, compressed, kB | whole, as pulled, MB | whole, uncompressed, MB |",
      "|---|---:|---:|---:|",
      ...rows,
    ].join("\n")
  } finally {
    await rm(dir, { recursive: true })
    await clone.remove()
  }
}

/** @returns the base of each image, by the name of the folder that it is in */
async function exportAll(clone: Clone, dir: string): Promise<Record<string, string>> {
  await clone.succeed("images", "layouts", "export", "--path", dir)
  const minimal = join(dir, "backend, minimal")
  await clone.succeed("--backend-runtime=minimal", "images", "backend", "layout", "export", "--path", minimal)
  return { ...bases, "backend, minimal": minimalBase }
}

async function row(name: string, dir: string, base: string): Promise<string> {
  const layers = await new Layout(dir).layers()
  const image = `docker://localhost:${registryPort}/${base}`
  const inspected = await execa("skopeo", ["inspect", "--config", "--tls-verify=false", image])
  const { rootfs } = JSON.parse(inspected.stdout) as { rootfs: { diff_ids: string[] } }
  const own = layers.slice(rootfs.diff_ids.length)
  const files = await new Layout(dir).files()
  const whole = [sum(layers), sum(files)].map(bytes => (bytes / 1e6).toFixed(1))
  const cells = [(sum(own) / 1e3).toFixed(0), ...whole]
  return `| ${[name, ...cells].join(" | ")} |`
}

function sum(sized: readonly { size: number }[]): number {
  return sized.reduce((total, { size }) => total + size, 0)
}
