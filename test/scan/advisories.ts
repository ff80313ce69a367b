/** A few advisories as OSV publishes them, shortened to what a scanner reads. */
interface Affected {
  readonly package: { readonly ecosystem: string; readonly name: string }
  readonly ranges: readonly {
    readonly type: "SEMVER" | "ECOSYSTEM"
    readonly events: readonly ({ readonly introduced: string } | { readonly fixed: string })[]
  }[]
}

export interface Advisory {
  readonly id: string
  readonly aliases?: readonly string[]
  readonly modified: string
  readonly published: string
  readonly summary: string
  readonly severity?: readonly { readonly type: string; readonly score: string }[]
  readonly affected: readonly Affected[]
}

const npm = (name: string, introduced: string, fixed: string): Affected => ({
  package: { ecosystem: "npm", name },
  ranges: [{ type: "SEMVER", events: [{ introduced }, { fixed }] }],
})

const cvss = (score: string) => [{ type: "CVSS_V3", score }]

export const advisories: readonly Omit<Advisory, "modified" | "published">[] = [
  {
    id: "GHSA-35jh-r3h4-6jhm",
    aliases: ["CVE-2021-23337"],
    summary: "Command injection in lodash",
    severity: cvss("CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H"),
    affected: [npm("lodash", "0", "4.17.21")],
  },
  {
    id: "GHSA-xvch-5gv4-984h",
    aliases: ["CVE-2021-44906"],
    summary: "Prototype pollution in minimist",
    severity: cvss("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
    affected: [npm("minimist", "1.0.0", "1.2.6")],
  },
  {
    id: "GHSA-3h5v-q93c-6h6q",
    aliases: ["CVE-2024-37890"],
    summary: "ws affected by a DoS when handling a request with many HTTP headers",
    severity: cvss("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"),
    affected: [npm("ws", "8.0.0", "8.17.1")],
  },
  {
    id: "GHSA-9wv6-86v2-598j",
    aliases: ["CVE-2024-45296"],
    summary: "path-to-regexp outputs backtracking regular expressions",
    severity: cvss("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"),
    affected: [npm("path-to-regexp", "0", "0.1.10")],
  },
  {
    // The name in the wrong case, as no package of npm's has it: found nowhere.
    id: "GHSA-0000-0000-case",
    summary: "An advisory for a package of another name",
    severity: cvss("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
    affected: [npm("Express", "0", "99.0.0")],
  },
  {
    id: "DSA-5514-1",
    aliases: ["CVE-2023-4911"],
    summary: "glibc security update",
    affected: [
      {
        package: { ecosystem: "Debian:12", name: "glibc" },
        ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "2.36-9+deb12u3" }] }],
      },
    ],
  },
  {
    id: "GO-2021-0113",
    aliases: ["CVE-2021-38561", "GHSA-ppp9-7jff-5vj2"],
    summary: "Out-of-bounds read in golang.org/x/text/language",
    affected: [
      {
        package: { ecosystem: "Go", name: "golang.org/x/text" },
        ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed: "0.3.7" }] }],
      },
    ],
  },
]
