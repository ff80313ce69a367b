/** A Dockerfile with a fault for each of ten rules of hadolint's. */
export const faultyDockerfile = `FROM debian:latest AS builder
MAINTAINER somebody
WORKDIR relative
ADD app /app
RUN apt-get update && apt-get install curl
RUN sudo true
RUN cd /app && true
RUN curl -s https://example.com/install | sh
EXPOSE 99999
FROM debian:bookworm-slim AS production
USER root
CMD node main.js
`

export const dockerfileRules = [
  ...["DL3000", "DL3002", "DL3003", "DL3004", "DL3007"],
  ...["DL3008", "DL3011", "DL3020", "DL3025", "DL4000"],
]

/** A workflow with four faults of zizmor's and one of actionlint's. */
export const faultyWorkflow = `name: faulty
on: pull_request_target
permissions: write-all
jobs:
  faulty:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.pull_request.head.sha }}
      - run: echo "\${{ github.event.pull_request.title }}" # zizmor: ignore[template-injection]
      - run: echo "\${{ matrx.version }}"
`

export const workflowRules = [
  "dangerous-triggers",
  "excessive-permissions",
  "template-injection",
  "unpinned-uses",
]

/** Versions with an advisory in the hand-written database, and the first without. */
export const vulnerable = {
  lodash: { version: "4.17.20", fixed: "4.17.21", advisory: "GHSA-35jh-r3h4-6jhm" },
  minimist: { version: "1.2.5", fixed: "1.2.6", advisory: "GHSA-xvch-5gv4-984h" },
  ws: { version: "8.17.0", fixed: "8.17.1", advisory: "GHSA-3h5v-q93c-6h6q" },
  "path-to-regexp": { version: "0.1.7", fixed: "0.1.10", advisory: "GHSA-9wv6-86v2-598j" },
} as const
