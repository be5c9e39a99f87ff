/** Why the checkout cannot be made ready, and what a person can do about it. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} hint what to do next
   */
  constructor(message, hint) {
    super(message)
    this.name = 'SetupError'
    this.hint = hint
  }
}
