import { run } from "./run.ts"

/** Options that make GNU tar's output depend on names, modes and content only. */
const reproducible = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"]

/** Packs the folder's content into a tar file. */
export async function packFolder(dir: string, tarFile: string): Promise<void> {
  await run("tar", [...reproducible, "-cf", tarFile, "-C", dir, "."])
}

/** Adds the folder's files to the tar file, and no folders: Docker refuses an archive that names a path twice. */
export async function appendFolder(dir: string, tarFile: string): Promise<void> {
  const files = await run("find", [".", "!", "-type", "d"], { cwd: dir })
  const list = ["--no-recursion", "--verbatim-files-from", "--files-from=-"]
  await run("tar", [...reproducible, "-rf", tarFile, ...list], { cwd: dir, input: files, stdin: "pipe" })
}
