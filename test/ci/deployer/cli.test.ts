import { describe, expect, it } from "vitest"
import { parseRequest } from "../../../ci/deployer/cli.ts"
import { projectName } from "../../../ci/deployer/environments.ts"
import { digest, image } from "./fixtures.ts"

const deployWith = (...more: string[]) => [
  "deploy",
  ...["--env", "staging", "--stack", "stack.yml", "--image", `backend=${image}`],
  ...more,
]

describe("the command line of deploy", () => {
  it("fills in the environment's port, one replica and the image's digest", () => {
    expect(parseRequest(deployWith())).toMatchObject({
      port: 8080,
      replicas: 1,
      images: [{ name: "backend", reference: image, digest }],
      stackFile: "stack.yml",
    })
  })

  it("takes another port and a time limit", () => {
    expect(parseRequest(deployWith("--port", "9999", "--timeout", "30"))).toMatchObject({
      port: 9999,
      timeoutSeconds: 30,
    })
  })

  it.each([
    ...["app=registry:5000/app:latest", "app=app", "app=app@sha256:abc", `app=--image@${digest}`],
    ...[`app=$(id)@${digest}`, image, `=${image}`, `1=${image}`],
  ])("refuses %s, which does not name an image by digest", reference => {
    const argv = ["deploy", "--env", "staging", "--stack", "s", `--image=${reference}`]
    expect(() => parseRequest(argv)).toThrowError(
      expect.objectContaining({ code: "DEPLOY_IMAGE_NOT_BY_DIGEST" }),
    )
  })

  it.each(["0", "65536", "80x", "-1", "8e3", ""])("refuses the port %j", port => {
    expect(() => parseRequest(deployWith(`--port=${port}`))).toThrowError(/--port/)
  })

  it("takes a domain, with https on port 443 unless another one is given", () => {
    const https = { domain: "shop.example.com", port: 443, acmeCa: undefined }
    expect(parseRequest(deployWith("--domain", "shop.example.com"))).toMatchObject({ https })
    const other = [
      "--domain=a.b.example",
      "--tls-port=8443",
      "--acme-ca=https://ca.example:9000/acme/directory",
    ]
    expect(parseRequest(deployWith(...other))).toMatchObject({
      https: { domain: "a.b.example", port: 8443, acmeCa: "https://ca.example:9000/acme/directory" },
    })
    expect(parseRequest(deployWith())).toMatchObject({ https: undefined })
  })

  it.each([
    "localhost",
    "Shop.example.com",
    "a b.example",
    "*.example.com",
    "a..com",
    "x.com {",
    ":80",
    "-a.com",
    "1.2.3.4",
  ])("refuses the domain %j, which would stand in the edge's settings", domain =>
    expect(() => parseRequest(deployWith(`--domain=${domain}`))).toThrowError(/--domain/),
  )

  it.each(["http://ca.example", "https://ca.example/ {", "file:///etc", "https://a b"])(
    "refuses the authority %j",
    ca => {
      const argv = deployWith("--domain=shop.example.com", `--acme-ca=${ca}`)
      expect(() => parseRequest(argv)).toThrowError(/--acme-ca/)
    },
  )

  it.each([
    ["deploy", ["--promote", "p.json", "--digest", digest], { promotedDigest: digest }],
    [
      "deploy",
      ["--promote", "p.json", "--digest", digest.slice(0, 19)],
      { promotedDigest: digest.slice(0, 19) },
    ],
    ["rollback", ["--to", digest], { to: digest }],
    ["rollback", ["--to", "7"], { to: "7" }],
    ["rollback", ["--to", "007"], { to: "7" }],
    ["rollback", [], { to: undefined }],
  ])("names a release by number or digest: %s %j", (verb, args, expected) =>
    expect(parseRequest([verb, "--env", "prod", ...args])).toMatchObject(expected),
  )

  it.each(["sha256:", "sha256:abc", `${digest}0`, "sha256:ABCDEF012345", "latest", "0", "-1", "$(id)"])(
    "refuses the release %j",
    name => expect(() => parseRequest(["rollback", "--env", "prod", `--to=${name}`])).toThrowError(/--to/),
  )

  it.each(["", "sha256:", "null", "latest"])("refuses to promote the digest %j", name => {
    const argv = ["deploy", "--env", "prod", "--promote", "p.json", `--digest=${name}`]
    expect(() => parseRequest(argv)).toThrowError(/--digest/)
  })

  it("takes several images, but none twice", () => {
    const request = parseRequest(deployWith("--image", `edge=${image}`))
    expect(request).toMatchObject({ images: [{ name: "backend" }, { name: "edge" }] })
    expect(() => parseRequest(deployWith("--image", `backend=${image}`))).toThrowError(
      /backend is given twice/,
    )
  })

  it("says which flag is missing", () => {
    expect(() => parseRequest(["deploy", "--env", "staging", "--stack", "s"])).toThrowError(
      "--image is missing",
    )
  })
})

describe("the command line", () => {
  it.each(["nowhere", "__proto__", "toString", "staging; id", ""])("refuses the environment %j", name => {
    const wanted = expect.objectContaining({ code: "DEPLOY_UNKNOWN_ENV", outcome: "usage" })
    expect(() => parseRequest(["status", `--env=${name}`])).toThrowError(wanted)
  })

  it.each([
    [[]],
    [["explode"]],
    [["status", "--env", "staging", "--force"]],
    [["stop", "--env", "staging", "now"]],
  ])("refuses %j and shows how it is used", argv => {
    const wanted = expect.objectContaining({ code: "DEPLOY_USAGE", todo: expect.stringContaining("usage:") })
    expect(() => parseRequest(argv)).toThrowError(wanted)
  })

  it.each(["status", "stop"])("lets %s look at prod", verb => {
    expect(parseRequest([verb, "--env", "prod", "--json"])).toMatchObject({ verb, json: true })
  })
})

describe("LOCKSTEP_PROJECT", () => {
  it("is lockstep by default", () => expect(projectName(undefined)).toBe("lockstep"))

  it.each(["Upper", "-dash", "a b", "a/b", "x".repeat(32)])("refuses %j", name => {
    expect(() => projectName(name)).toThrowError(expect.objectContaining({ code: "DEPLOY_BAD_PROJECT" }))
  })
})
