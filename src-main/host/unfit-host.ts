/** Something of the profile or the machine that a person must mend before a host can run: a sentence and the next step. */
export class UnfitHost extends Error {
  readonly hint: string
  constructor(message: string, hint: string) {
    super(message)
    this.name = 'UnfitHost'
    this.hint = hint
  }
}
