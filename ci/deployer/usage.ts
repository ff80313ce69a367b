import { DeployError } from "./errors.ts"

export const usage = `usage:
  deploy   --env staging --stack FILE --image NAME=REF@sha256:… …
           [--evidence FILE]
           [--secrets FILE] [--config FILE] [--replicas N] [--port N] [--timeout SECONDS] [--bake SECONDS]
           [--domain NAME [--tls-port N] [--acme-ca URL]] [--webhook FILE] [--confirm show|HASH]
  deploy   --env ENV --promote FILE [--digest DIGEST] [--evidence-key FILE] [--max-age DAYS] [--allow-unverified]
           [and as above]
  rollback --env ENV [--to RELEASE|DIGEST] [--timeout SECONDS] [--bake SECONDS] [--webhook FILE]
           [--confirm show|HASH]
  start    --env ENV [--timeout SECONDS] [--bake SECONDS] [--webhook FILE]
  restart  --env ENV [--service NAME] [--timeout SECONDS]
  stop     --env ENV
  status   --env ENV
  logs     --env ENV [--service NAME] [--since 10m|TIME] [--tail N] [--follow]
  history  --env ENV [--limit N]
  clean    --env ENV
  preflight --env ENV [--stack FILE] [--secrets FILE] [--config FILE] [--port N] [--domain NAME [--tls-port N] [--acme-ca URL]]
           [--registry ADDRESS]
           [--signing-key FILE] [--evidence-key FILE] [--max-age DAYS] [--webhook FILE]
           [--database]
  promotable --env ENV
Each takes --json.

LOCKSTEP_PROJECT sets the stack's name in front of -ENV (default: lockstep), LOCKSTEP_ACTOR who asks.`

export function usageError(message: string, why: string): DeployError {
  return new DeployError("DEPLOY_USAGE", message, { why, todo: usage, outcome: "usage" })
}
