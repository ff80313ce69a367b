import { secretInText, secretVariable } from "../secrets.ts"
import type { ServiceRule } from "./check.ts"
import { type Fields, fields, list, type Service } from "./model.ts"

/** Secrets come as files: what stands in the environment is shown by `docker inspect` and inherited by children. */
export const secretRules = {
  POLICY_SECRET_VALUE: service => {
    const { environment: _, ...rest } = service
    const elsewhere = secretInText(JSON.stringify(rest))
    return [
      ...variables(service).flatMap(
        ([name, value]) => secretVariable(name, value) ?? passwordPutIn(name, value),
      ),
      ...(elsewhere ? [`it holds ${elsewhere} outside its environment`] : []),
      ...(service.env_file === undefined
        ? []
        : ["env_file fills its environment with values that nobody checks"]),
    ]
  },

  POLICY_SECRET_SOURCE: (service, file) =>
    list(service.secrets)
      .map(secret => String(typeof secret === "string" ? secret : fields(secret).source))
      .filter(name => !isSafeSource(fields(file.secrets[name])))
      .map(name => `secret ${name} is neither a file nor external`),
} satisfies Record<string, ServiceRule>

/** postgres://app:${PASSWORD}@db: where the password is put in, the environment shows it all the same. */
function passwordPutIn(name: string, value: string): string[] {
  return /:\/\/[^\s/@]*:[^\s@]*\$\{[^}]*\}[^\s/@]*@/.test(value)
    ? [`${name} is an address with a password`]
    : []
}

/** Stands for a value that is known only where the file is used. */
const unknown = "?"

/** The environment may be a mapping or a list of NAME=value; a bare NAME takes the value of the caller's. */
function variables(service: Service): [string, string][] {
  const { environment } = service
  if (!Array.isArray(environment)) {
    return Object.entries(fields(environment)).map(([name, value]) => [name, String(value ?? unknown)])
  }
  return environment.map(entry => {
    const [, name = "", value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(String(entry)) ?? []
    return [name, value ?? unknown]
  })
}

function isSafeSource(secret: Fields): boolean {
  return typeof secret.file === "string" || secret.external === true
}
