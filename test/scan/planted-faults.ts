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
