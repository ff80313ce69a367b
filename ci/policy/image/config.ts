import type { Traits } from "../finding.ts"
import type { Code } from "../rules.ts"
import { isSecretName, secretAssignments, secretInText, secretVariable } from "../secrets.ts"
import type { ImageConfig } from "./check.ts"

type Found = readonly [Code, string]

/** What an image's configuration and history say. */
export function checkConfig(image: ImageConfig, traits: Traits): Found[] {
  const user = image.config?.User
  return [
    ...(traits.user ? [] : [["POLICY_USER", user ? `it runs as "${user}"` : "it runs as root"] as const]),
    ...(traits.healthcheck ? [] : [["POLICY_HEALTHCHECK", "it has no Healthcheck"] as const]),
    ...secretsOf(image).map((what): Found => ["POLICY_SECRET_VALUE", what]),
  ]
}

function secretsOf({ config, history = [] }: ImageConfig): string[] {
  const environment = (config?.Env ?? []).map(entry => {
    const [, name = "", value = ""] = /^([^=]*)=?([\s\S]*)$/.exec(entry) ?? []
    return secretVariable(name, value)
  })
  const labels = Object.entries(config?.Labels ?? {}).map(([name, value]) => secretVariable(name, value))
  const commands = [config?.Cmd, config?.Entrypoint].map(command =>
    textSecret("its command", (command ?? []).join(" ")),
  )
  const past = history.map((entry, index) =>
    historySecret(index + 1, `${entry.created_by ?? ""}\n${entry.comment ?? ""}`),
  )
  return [...environment, ...labels, ...commands, ...past].filter(what => what !== undefined)
}

function textSecret(where: string, text: string): string | undefined {
  const kind = secretInText(text)
  return kind && `${where} holds ${kind}`
}

/** Builders write down instructions and the values of build arguments: `ENV K=V`, `RUN |1 K=V /bin/sh -c …`. */
function historySecret(step: number, text: string): string | undefined {
  const argument = /\bARG ([A-Za-z_]\w*)/.exec(text)?.[1]
  const [name] = secretAssignments(text)
  if (name) return `step ${step} of its history gives ${name} a value`
  if (argument && isSecretName(argument)) return `step ${step} of its history takes ${argument}`
  return textSecret(`step ${step} of its history`, text)
}
