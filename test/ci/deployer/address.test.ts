import { expect, it } from "vitest"
import { reachedAt, serviceUrl } from "../../../ci/deployer/address.ts"

it.each([
  [undefined, "http://localhost:8080"],
  ["unix:///var/run/docker.sock", "http://localhost:8080"],
  ["ssh://u@web.example.com:2222", "http://web.example.com:8080"],
  ["ssh://u@[2001:db8::1]:22", "http://[2001:db8::1]:8080"],
  ["tcp://10.0.0.7:2376", "http://10.0.0.7:8080"],
])("what the Docker at %s runs is reached at %s", (dockerHost, url) => {
  expect(serviceUrl(reachedAt(dockerHost), 8080)).toBe(url)
})
