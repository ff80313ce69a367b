import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "test/app/**/*.test.ts",
            "test/ci/**/*.test.ts",
            "test/docs/**/*.test.ts",
            "test/bench/**/*.test.ts",
            "test/pictures/**/*.test.ts",
          ],
          // Thousands of generated cases on two busy cores: a limit against hanging, not against being slow.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          // One real engine and one real Docker host: the files take turns.
          fileParallelism: false,
          // The first call on an empty engine installs and builds everything: a limit against hanging, on two busy cores.
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "host",
          include: ["test/host/**/*.test.ts"],
          // One real Docker host: the files take turns. None of them calls the engine.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "workflow",
          include: ["test/workflow/**/*.test.ts"],
          // They deploy: the files take turns.
          fileParallelism: false,
          // A whole run of CI in one test: on an engine that has nothing it took ten minutes.
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "sdk",
          include: ["test/sdk/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          // Like those of e2e, with other services in place of the application.
          name: "your-application",
          include: ["test/your-application/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          // Machines of their own, on the processors of this one.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "interoperability",
          include: ["test/interoperability/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          // What others made is compiled here, once.
          hookTimeout: 1_800_000,
        },
      },
      {
        test: {
          name: "fresh",
          include: ["test/fresh/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 5_400_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "reproduce",
          include: ["test/reproduce/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 1_800_000,
        },
      },
    ],
  },
})
