/**
 * Which files of the repository count: what the constructor's argument `source` takes from the disk is taken from a
 * commit with the same list. The engine reads the constructor's list before any code runs, so it has to stand there
 * once more, word for word; a test compares the two. Not dagger.json: `dagger develop` writes it anew, with an attribute
 * of the engine's by which the same text is another file, and all that was kept of tests and builds would be lost.
 */
export const ignoredFiles = [
  "*",
  "!app",
  "!docker",
  "!docs",
  "docs/*",
  "!docs/deployment",
  "!.env.example",
  "!test",
  "test/*",
  "!test/app",
  "!package.json",
  "!package-lock.json",
  "!.npmrc",
  "!.gitignore",
  "!*.json",
  "dagger.json",
  "!*.ts",
  "**/node_modules",
  "**/dist",
  "**/coverage",
  "app/.env",
  "app/.env.*",
]

/** The same of init-app's argument `tree`: the files that it may change. */
export const ignoredByInit = [
  "*",
  "!app",
  "!docker",
  "!test",
  "!package.json",
  "!.env.example",
  "!vitest.config.ts",
  "!knip.json",
  "!biome.json",
  "**/node_modules",
]
