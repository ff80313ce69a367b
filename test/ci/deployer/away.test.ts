import { expect, it } from "vitest"
import { isAway } from "../../../ci/deployer/docker/exec.ts"

const daemon = "Error response from daemon:"

it.each([
  "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
  "error during connect: Get http://docker/v1.41/info: EOF",
  "dial unix /var/run/docker.sock: connect: connection refused",
  `${daemon} rpc error: code = Unknown desc = The swarm does not have a leader.`,
  `${daemon} rpc error: code = DeadlineExceeded desc = context deadline exceeded`,
  `${daemon} This node is not a swarm manager. Use "docker swarm init"`,
])("waits for a Docker that says: %s", words => expect(isAway(words)).toBe(true))

it.each([
  `${daemon} Get http://localhost:5000/v2/: dial tcp 127.0.0.1:5000: connect: connection refused`,
  `${daemon} Get https://registry/v2/: context deadline exceeded`,
  `${daemon} manifest unknown`,
  "",
])("takes it as an answer when Docker says: %s", words => expect(isAway(words)).toBe(false))
