import { applyExceptions } from "../../../../ci/scanner/exceptions.ts"
import type { Finding, Report, ScanName, ScanResult, Severity } from "../../../../ci/scanner/model.ts"
import { digest, exception, fault, npm, report, result, today, vulnerability } from "../findings.ts"

/** Reports as they come in a team's life, with the texts of real advisories. */

const extents: Readonly<Record<ScanName, string>> = {
  dependencies: "412 packages",
  images: "2 images, 246 packages",
  updates: "2 images",
  secrets: "1,204 files, 322 commits, 14 layers",
  dockerfiles: "3 files",
  policy: "1 stack file, 3 Dockerfiles, 2 images",
  workflows: "1 file",
  "workflow-syntax": "1 file",
  licences: "412 packages",
  contents: "2 images",
}

function scansWith(findings: readonly Finding[]): ScanResult[] {
  return Object.entries(extents).map(([name, extent]) =>
    result(name as ScanName, { extent, findings: findings.filter(({ scan }) => scan === name) }),
  )
}

const images = [
  { name: "backend", digest },
  { name: "edge", digest: `sha256:${"cd".repeat(32)}` },
]
const database = {
  ...{ newest: "2026-11-25T22:41:00Z", ageDays: 0.6 },
  ecosystems: [
    { name: "npm", entries: 218_342, newest: "2026-11-26T03:10:00Z" },
    { name: "Debian:12", entries: 41_208, newest: "2026-11-25T22:41:00Z" },
  ],
}

function advisory(
  rule: string,
  [name, version, fixed]: readonly [string, string, string?],
  [severity, score, title]: readonly [Severity, number | undefined, string],
  more: Partial<Finding> = {},
): Finding {
  const { fixed: _, score: __, ...rest } = vulnerability({ rule, aliases: [], severity, title })
  const link = `https://github.com/advisories/${rule}`
  const todo =
    fixed === undefined
      ? `there is no mended version of ${name} yet: do without it, or make an exception`
      : `npm install ${name}@${fixed}`
  return {
    ...rest,
    package: npm(name, version),
    todo,
    link,
    ...(fixed ? { fixed } : {}),
    ...(score ? { score } : {}),
    ...more,
  }
}

const inLockfile: readonly Finding[] = [
  advisory(
    "GHSA-35jh-r3h4-6jhm",
    ["lodash", "4.17.15", "4.17.21"],
    ["high", 7.2, "Command injection in lodash"],
    { aliases: ["CVE-2021-23337"], broughtBy: ["legacy-forms@2.1.0"] },
  ),
  advisory(
    "GHSA-p6mc-m468-83gw",
    ["lodash", "4.17.15", "4.17.19"],
    ["high", 7.4, "Prototype pollution in lodash"],
    { broughtBy: ["legacy-forms@2.1.0"] },
  ),
  advisory(
    "GHSA-29mw-wpgm-hmr9",
    ["lodash", "4.17.15", "4.17.21"],
    ["high", 7, "Regular expression denial of service in lodash"],
    { broughtBy: ["legacy-forms@2.1.0", "report-tables@0.9.4"] },
  ),
  advisory(
    "GHSA-xvch-5gv4-984h",
    ["minimist", "1.2.5", "1.2.6"],
    ["critical", 9.8, "Prototype pollution in minimist"],
    {
      aliases: ["CVE-2021-44906"],
      broughtBy: ["express-cli-with-a-very-long-name-that-wraps@1.0.0"],
    },
  ),
  advisory(
    "GHSA-3h5v-q93c-6h6q",
    ["ws", "8.0.0", "8.17.1"],
    ["high", 7.5, "Denial of service when handling a request with many HTTP headers"],
  ),
  advisory(
    "GHSA-9wv6-86v2-598j",
    ["path-to-regexp", "0.1.7", "0.1.10"],
    ["high", 7.5, "path-to-regexp outputs backtracking regular expressions"],
    {
      broughtBy: ["express@4.17.1"],
    },
  ),
  advisory(
    "GHSA-8hc4-vh64-cxmj",
    ["axios", "1.6.0", "1.7.4"],
    ["unknown", undefined, "Server-side request forgery in axios"],
  ),
  advisory(
    "GHSA-0000-0000-0001",
    ["left-behind", "0.0.9"],
    ["high", 8.1, "Arbitrary code execution while unpacking"],
    {
      waived: "nobody has mended it yet",
    },
  ),
]

/** Of each Debian package two records; the same cure for both. */
const inImages: readonly Finding[] = [
  "libssl3",
  "zlib1g",
  "libexpat1",
  "libc6",
  "perl-base",
  "libgnutls30",
].flatMap((name, index) =>
  [1, 2].map(part =>
    advisory(
      `DEBIAN-CVE-2026-${1000 + index * 10 + part}`,
      [name, `3.0.${index}-1~deb12u1`, `3.0.${index}-1~deb12u${part + 1}`],
      [
        index < 2 ? "critical" : index < 4 ? "medium" : "low",
        [9.1, 9.4, 6.1, 5.1, 3.1, 2.1][index] ?? 0,
        `Memory is written past its end in ${name}`,
      ],
      {
        ...{ scan: "images", place: { subject: part === 1 ? "image backend" : "image edge" } },
        package: { ecosystem: "Debian:12", name, version: `3.0.${index}-1~deb12u1` },
        todo: `build again on a base image with ${name} 3.0.${index}-1~deb12u${part + 1}`,
      },
    ),
  ),
)

const updates: readonly Finding[] = ["base-files", "libc6", "openssl", "tzdata"].map(name =>
  fault({
    ...{
      scan: "updates",
      rule: "debian-security-update",
      severity: "high",
      place: { subject: "image edge" },
    },
    package: { ecosystem: "Debian:12", name, version: "1.0-1" },
    ...{
      title: `${name} has a security update`,
      todo: `build again on a base image with ${name}`,
      fixed: "1.0-1+deb12u1",
    },
  }),
)

const others: readonly Finding[] = [
  fault({
    ...{ scan: "secrets", rule: "aws-access-token", severity: "critical", title: "An AWS access key" },
    place: { subject: "history", file: "app/config/old.env", line: 4, commit: "9f".repeat(20) },
    todo: "change the secret where it is used, then take it out; who has a copy still has it",
  }),
  fault({
    ...{
      scan: "workflows",
      rule: "template-injection",
      severity: "high",
      title: "Code injection via template expansion",
    },
    place: { subject: ".github/workflows/ci-cd.yml", file: ".github/workflows/ci-cd.yml", line: 31 },
    todo: "change line 31 of .github/workflows/ci-cd.yml; the link says how",
  }),
  ...[3, 9, 14, 22].map(line =>
    fault({
      place: { subject: "docker/Dockerfile.edge", file: "docker/Dockerfile.edge", line },
      ...{
        rule: "DL3008",
        title: "Pin versions in apt-get install",
        todo: `change line ${line} of docker/Dockerfile.edge`,
      },
    }),
  ),
  ...["GPL-3.0-only", "SSPL-1.0", "BUSL-1.1"].map((licence, index) =>
    fault({
      ...{ scan: "licences", rule: `licence-${licence}`, severity: index === 0 ? "high" : "low" },
      place: { subject: "package-lock.json" },
      package: npm(`some-package-${index}`, "1.0.0"),
      title: `some-package-${index} 1.0.0 has the licence ${licence}, which is not on the list of allowed ones`,
      todo: `do without some-package-${index}, make an exception, or allow the licence`,
    }),
  ),
  ...["dash", "bash", "busybox", "apt", "dpkg", "npm", "perl-base"].map((name, index) =>
    fault({
      ...{ scan: "contents", rule: index < 3 ? "shell" : "package-manager", severity: "low" },
      place: { subject: "image edge" },
      package: { ecosystem: "Debian:12", name, version: "1.0-1" },
      ...{ title: `${name} is in the image`, todo: "use a base without it" },
    }),
  ),
]

const exceptions = [
  exception({
    id: "CVE-2021-44906",
    package: "minimist",
    owner: "Ada Lovelace",
    reason: "only build scripts call it, with arguments that stand in the repository",
  }),
  exception({
    id: "GHSA-3h5v-q93c-6h6q",
    package: "ws",
    owner: "Grace Hopper",
    expires: "2026-11-20",
    reason: "no websocket is reachable from outside",
  }),
  exception({ id: "DL3059", package: "docker/Dockerfile.edge", owner: "Ada Lovelace" }),
]

const accepted = applyExceptions([...inLockfile, ...inImages, ...updates, ...others], exceptions, today)

const { database: _, ...withoutDatabase } = report({ images, verdict: "no-db" })

export const samples: Readonly<
  Record<"clean" | "findings" | "noDatabase" | "toolError" | "staleDatabase", Report>
> = {
  clean: report({ images, database, results: scansWith([]) }),
  findings: report({
    ...{ images, database, verdict: "findings", results: scansWith(accepted.findings) },
    reasons: ["17 findings of severity high or worse", ...accepted.reasons],
    ...{ warnings: accepted.warnings, exceptions: accepted.exceptions, dirty: true },
  }),
  noDatabase: {
    ...withoutDatabase,
    reasons: ["no vulnerability database was given"],
    results: scansWith(others.slice(2, 6)).map(scan =>
      ["dependencies", "images"].includes(scan.name)
        ? { ...scan, state: "skipped", reason: "there is no vulnerability database" }
        : scan,
    ),
  },
  toolError: report({
    ...{ images, database, verdict: "tool-error", reasons: ["images: osv-scanner ended with exit code 128"] },
    results: scansWith([...inLockfile.slice(0, 3), ...others.slice(2)]).map(scan =>
      scan.name === "images"
        ? {
            ...scan,
            state: "error",
            reason: "osv-scanner ended with exit code 128: node_modules has no .package-lock.json",
          }
        : scan,
    ),
  }),
  staleDatabase: report({
    ...{
      images,
      verdict: "stale-db",
      reasons: ["the database is 9.2 days old, and 5 is the most"],
      results: scansWith([]),
    },
    database: { ...database, newest: "2026-11-17T08:00:00Z", ageDays: 9.2 },
  }),
}
