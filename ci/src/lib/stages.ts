import { errorText } from "./failure.js"
import { stages } from "./images.js"

const { base, content, production } = stages
const allowed = `COPY --from=${content} / /`
const certificates = /--mount=type=secret,id=ca-certificates\s+(?:\\\n\s*)?/g

/**
 * The Dockerfile without the secret that a plain `docker build` may get the host's certificates by. The engine puts them
 * into containers by itself, and would cache nothing behind the mount: in place of a secret that is missing it puts a
 * random name, and one that is given belongs to the module's files, so that each clone installed the packages anew.
 */
export function withoutCertificates(dockerfile: string): string {
  return dockerfile.replace(certificates, "")
}

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

/**
 * The image whose layers are all that a stage has.
 *
 * @param dockerfile its text
 * @param args values of the ARGs that a FROM uses, by name
 * @returns undefined when the stage changes files, or one that it stands on does
 */
export function imageBelow(
  dockerfile: string,
  stage: string,
  args: Readonly<Record<string, string>>,
): string | undefined {
  const texts = dockerfile.split(/^(?=FROM )/m)
  const froms = texts.map(text => /^FROM +(\S+) +AS +(\S+) *$/im.exec(text))
  const names = froms.map(from => from?.[2])
  const at = names.lastIndexOf(stage)
  if (at < 0 || /^[ \t]*(?:RUN|COPY|ADD)\b/im.test(texts[at] ?? "")) return undefined
  const from = (froms[at]?.[1] ?? "").replace(/\$\{?(\w+)\}?/g, (written, key) => args[key] ?? written)
  // A stage stands on one before it: `FROM alpine AS alpine` names the image.
  if (names.slice(0, at).includes(from)) return imageBelow(texts.slice(0, at).join(""), from, args)
  return /[$]|^scratch$/.test(from) ? undefined : from
}
