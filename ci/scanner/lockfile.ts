/** What is read of a package-lock.json of version 2 or 3. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

export interface LockedPackage {
  readonly name?: string
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly link?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/**
 * Where a repository has lockfiles, and the name of the run that looks at each. An application that is a package of its
 * own has its own; what is shipped is then in this one.
 */
export const lockfileRuns = {
  "app/package-lock.json": "dependencies-app",
  "package-lock.json": "dependencies",
} as const
export type LockfilePath = keyof typeof lockfileRuns

/** A service may do without any package, and the vulnerability scanner takes that for an error. */
export function hasPackages({ packages }: Lockfile): boolean {
  return Object.keys(packages).some(path => path !== "")
}

const folder = "node_modules/"

/** The name of an installed package: of node_modules/a/node_modules/@b/c it is @b/c. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(folder) + folder.length)
}

/**
 * Which direct dependencies bring a version of a package in, each as NAME@VERSION, by name. A direct dependency brings
 * itself.
 */
export function broughtBy(lockfile: Lockfile, name: string, version: string): string[] {
  const wanted = (path: string) => nameOf(path) === name && lockfile.packages[path]?.version === version
  return directs(lockfile)
    .filter(path => reachable(lockfile, path).some(wanted))
    .map(path => `${nameOf(path)}@${lockfile.packages[path]?.version ?? "?"}`)
    .sort()
}

function directs(lockfile: Lockfile): string[] {
  const { "": root = {} } = lockfile.packages
  return dependenciesOf(lockfile, "", {
    ...root.dependencies,
    ...root.devDependencies,
    ...root.optionalDependencies,
  })
}

function reachable(lockfile: Lockfile, start: string): string[] {
  const seen = new Set([start])
  for (const path of seen) {
    const { dependencies, optionalDependencies, peerDependencies } = lockfile.packages[path] ?? {}
    const all = { ...dependencies, ...optionalDependencies, ...peerDependencies }
    for (const next of dependenciesOf(lockfile, path, all)) seen.add(next)
  }
  return [...seen]
}

/** As Node finds them: in the package's own node_modules, else in those of the folders above. */
function dependenciesOf(lockfile: Lockfile, from: string, names: Readonly<Record<string, string>>): string[] {
  return Object.keys(names).flatMap(name => {
    for (let base = from; ; base = parent(base)) {
      const path = `${base === "" ? "" : `${base}/`}${folder}${name}`
      if (lockfile.packages[path]) return [path]
      if (base === "") return []
    }
  })
}

function parent(path: string): string {
  const end = path.lastIndexOf(`/${folder}`)
  return end < 0 ? "" : path.slice(0, end)
}
