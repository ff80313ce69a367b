/** What a rule is there for, and what to do when it is broken. The codes are explained in docs/deployment/troubleshooting.md. */
export interface Rule {
  readonly why: string
  readonly todo: string
}

/** The rules for services of a stack file. */
const stack = {
  POLICY_LIMITS: {
    why: "one service without limits can take the whole machine from the others",
    todo: "set cpus, memory and pids under deploy.resources.limits",
  },
  POLICY_RESERVATIONS: {
    why: "without reservations Swarm starts a task where there is no room for it",
    todo: "set cpus and memory under deploy.resources.reservations",
  },
  POLICY_RESTART: {
    why: "a service that ended by itself has to come back without a person",
    todo: "set deploy.restart_policy.condition to any or on-failure",
  },
  POLICY_READ_ONLY: {
    why: "whoever breaks in could change the program",
    todo: "set read_only: true, and a tmpfs where files must be written",
  },
  POLICY_CAPABILITIES: {
    why: "capabilities are parts of root's power, and a web service needs none",
    todo: "set cap_drop: [ALL] and leave cap_add out; NET_BIND_SERVICE alone is allowed, for low ports",
  },
  POLICY_LOG_ROTATION: {
    why: "Docker's logs grow until the disk is full",
    todo: "set logging.driver to json-file or local, with the options max-size and max-file",
  },
  POLICY_NETWORK: {
    why: "a service on a network that nobody named talks to whoever is there",
    todo: "name the service's networks, and declare each of them at the top of the file",
  },
  POLICY_HOST_ACCESS: {
    why: "this opens the host to the container: whoever breaks in has the machine",
    todo: "take it out; a service that needs it does not belong into this stack",
  },
  POLICY_SECRET_SOURCE: {
    why: "a secret that is not declared as a file or as external comes from somewhere that others can read",
    todo: "declare it at the top of the file under secrets, with file: or external: true",
  },
  POLICY_IMAGE_BY_DIGEST: {
    why: "a tag can mean another image tomorrow; only a digest is what was tested",
    todo: `name the image as NAME@sha256:…, or by a variable that must be set: \${BACKEND_IMAGE:?}`,
  },
  POLICY_PORTS: {
    why: "Swarm's virtual addresses and routing mesh need IPVS, which some kernels lack",
    todo: "set deploy.endpoint_mode: dnsrr, and mode: host for each port, in the long form",
  },
  POLICY_UPDATE: {
    why: "Swarm's default for a failed update is to stop half way",
    todo: "set deploy.update_config.failure_action: rollback",
  },
  POLICY_ROLLBACK: {
    why: "what happens when the way back fails must be decided beforehand",
    todo: "set deploy.rollback_config.failure_action to pause or continue",
  },
} as const

/** The rules for Dockerfiles alone. */
const dockerfile = {
  POLICY_BASE_UNPINNED: {
    why: "such a tag means another image from one day to the next, and so does what is built on it",
    todo: "give a tag that begins with a version, such as node:24-bookworm-slim, or a digest",
  },
  POLICY_ADD_URL: {
    why: "nobody checks what the address answers on the day of the build",
    todo: "take it from a package registry, or download it in a RUN that compares its checksum",
  },
  POLICY_PIPE_TO_SHELL: {
    why: "whatever the address answers is run, unseen",
    todo: "install it from a package registry, or download it, compare its checksum, then run it",
  },
  POLICY_APT: {
    why: "recommended packages and package lists make the image larger and easier to attack",
    todo: "apt-get install --no-install-recommends …, and rm -rf /var/lib/apt/lists/* in the same RUN",
  },
} as const

/** The rules for built images alone. */
const image = {
  POLICY_SECRET_FILE: {
    why: "who can pull the image can read each of its layers, also what a later layer removes",
    todo: "keep the file out of the build (.dockerignore), build again, and change the secret",
  },
  POLICY_SETUID: {
    why: "it runs with its owner's or group's rights, whoever starts it; a web service needs no such file",
    todo: "take the bits away in the image (chmod a-s), as docker/Dockerfile.backend does",
  },
  POLICY_WORLD_WRITABLE: {
    why: "any process in the container could change it",
    todo: "take the right away (chmod o-w); what must be written belongs into /tmp",
  },
} as const

/** The rules for more than one kind. */
const shared = {
  POLICY_USER: {
    why: "root in the container is root on the host as soon as one barrier fails; of a name nobody can tell that it is not root",
    todo: "set the user by number, other than 0: USER 10001:10001",
  },
  POLICY_HEALTHCHECK: {
    why: "without one nobody can tell a release that works from one that merely runs",
    todo: "add a HEALTHCHECK to the last stage of the Dockerfile, or a healthcheck to the service",
  },
  POLICY_SECRET_VALUE: {
    why: "`docker inspect` and `docker history` show it to everybody",
    todo: "give the secret as a file: secrets in the stack file with NAME_FILE, RUN --mount=type=secret in a build",
  },
  POLICY_INPUT: {
    why: "what cannot be read cannot be called safe",
    todo: "correct the file; if it is right, report this",
  },
} as const

export const rules = { ...stack, ...dockerfile, ...image, ...shared } satisfies Record<string, Rule>

export type Code = keyof typeof rules
