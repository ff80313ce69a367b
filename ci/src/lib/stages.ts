import { errorText } from "./failure.js"
import { stages } from "./images.js"

const { base, content, production } = stages
const allowed = `COPY --from=${content} / /`

/**
 * The pipeline lays the files of one stage over another by itself, so `production` must do just that: anything else that
 * it did to files would be in the image of `docker build` and not in the pipeline's.
 *
 * @param path names the Dockerfile in the message
 * @param dockerfile its text
 * @throws Error BUILD_STAGES
 */
export function checkStages(path: string, dockerfile: string): void {
  const [, text] =
    new RegExp(`^FROM ${base} AS ${production}$([^]*?)(?=^FROM |$(?![^]))`, "m").exec(dockerfile) ?? []
  const changes = text?.match(/^[ \t]*(?:RUN|COPY|ADD)\b.*$/gim)?.map(line => line.trim())
  if (changes?.length === 1 && changes[0] === allowed) return
  const found =
    text === undefined ? `there is no "FROM ${base} AS ${production}"` : (changes ?? ["nothing"]).join("; ")
  throw new Error(
    errorText(
      "BUILD_STAGES",
      `${path} has a stage "${production}" that the pipeline cannot put together`,
      `it must begin with "FROM ${base} AS ${production}", and change files by "${allowed}" alone; found: ${found}`,
      `move what changes files into the stages before ${content}, which it copies from`,
    ),
  )
}
