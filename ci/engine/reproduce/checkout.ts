import { mkdir } from "node:fs/promises"
import { dirname } from "node:path"
import { run } from "../lib/run.ts"

/** How a clone comes to be on a machine, as far as git does not care. */
export interface Manner {
  folder: string
  umask: string
  fileMode: string
  time: string
}

const script = `set -e
umask "$UMASK"
git clone --quiet --no-checkout "$REPOSITORY" "$CLONE"
cd "$CLONE"
git checkout --quiet --detach "$COMMIT"
find . -path ./.git -prune -o -type f -exec chmod "$MODE" {} +
find . -path ./.git -prune -o -exec touch -h -d "$TIME" {} +`

/** Leaves the commit in a clone of its own whose files have the modes and times that were asked for. */
export async function checkOut(
  repository: string,
  commit: string,
  clone: string,
  manner: Manner,
): Promise<void> {
  await mkdir(dirname(clone), { recursive: true })
  const env = {
    REPOSITORY: repository,
    CLONE: clone,
    COMMIT: commit,
    UMASK: manner.umask,
    MODE: manner.fileMode,
    TIME: manner.time,
  }
  await run("sh", ["-c", script], { env })
}
