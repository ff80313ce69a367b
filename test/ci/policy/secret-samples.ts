import fc from "fast-check"

const text = (pattern: RegExp) => fc.stringMatching(pattern)

/** Put together here, so that no scanner takes this file for a leak. */
const marker = (word: string) => `-----${word} RSA PRIVATE KEY-----`

/** Values that show by their form that they are secrets, whatever they are called. */
export const shapedSecret: fc.Arbitrary<string> = fc.oneof(
  text(/^AKIA[0-9A-Z]{16}$/),
  text(/^ghp_[A-Za-z0-9]{36}$/),
  text(/^glpat-[A-Za-z0-9]{20}$/),
  text(/^npm_[A-Za-z0-9]{36}$/),
  text(/^pcsk_[A-Za-z0-9]{40}$/),
  text(/^sk-(proj|ant)-[A-Za-z0-9]{40}$/),
  text(/^AIza[A-Za-z0-9]{35}$/),
)

export const privateKey: fc.Arbitrary<string> = text(/^[A-Za-z0-9+/]{64}$/).map(
  body => `${marker("BEGIN")}\n${body}\n${marker("END")}\n`,
)

/** Names of variables that hold secrets. */
export const secretName = fc.constantFrom(
  ...["PASSWORD", "DB_PASSWORD", "HEALTH_TOKEN", "LLM_API_KEY", "AWS_SECRET_ACCESS_KEY", "CLIENT_SECRET"],
  ...["SIGNING_KEY", "apiKey_PRIVATE_KEY", "GIT_CREDENTIALS", "KEY_PASSPHRASE"],
)

/** A value that says nothing by itself. */
export const plainValue = text(/^[a-z0-9]{4,20}$/)
