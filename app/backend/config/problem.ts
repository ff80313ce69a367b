/** What is wrong with one variable. No field ever holds the value: it may be a secret. */
export interface Problem {
  readonly variable: string
  readonly rule: string
  readonly hint: string
}
