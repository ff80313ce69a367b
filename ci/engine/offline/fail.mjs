/** An error in the form that all of the kit's have: see lib/errors.ts. */
export class PlainError extends Error {
  /**
   * @param {string} code
   * @param {string} what
   * @param {string} why
   * @param {string} fix
   */
  constructor(code, what, why, fix) {
    super(`error ${code}: ${what}\n  why: ${why}\n  do:  ${fix}`)
  }
}
