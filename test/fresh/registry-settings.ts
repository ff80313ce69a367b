import { run } from "../../ci/engine/lib/run.ts"

const passed = [
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
  ...["GOPROXY", "GONOSUMDB", "GOSUMDB", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"],
]

const systemStore = "/etc/ssl/certs/ca-certificates.crt"

/** What a user of the bare machine would set to reach the same package registries as this host does. */
export async function registrySettings(): Promise<Record<string, string>> {
  const set = passed.flatMap(name => {
    const value = process.env[name]
    return value ? [[name, value]] : []
  })
  return {
    // Node 20 looks into no store but its own unless it is told so.
    NODE_EXTRA_CA_CERTS: systemStore,
    ...(await configured("GOPROXY", goProxy)),
    ...(await configured("PIP_INDEX_URL", () => run("pip3", ["config", "get", "global.index-url"]))),
    ...Object.fromEntries(set),
  }
}

/** The setting as its tool's own configuration has it; none where there is no tool or it has no such setting. */
async function configured(name: string, read: () => Promise<string>): Promise<Record<string, string>> {
  const value = await read().catch(() => "")
  return value ? { [name]: value } : {}
}

/** Only what is configured: Go's own default is Go's own matter on the bare machine as well. */
async function goProxy(): Promise<string> {
  const cwd = "/"
  const used = await run("go", ["env", "GOPROXY"], { cwd })
  const standard = await run("go", ["env", "GOPROXY"], { cwd, env: { GOENV: "off", GOPROXY: "" } })
  return used === standard ? "" : used
}
