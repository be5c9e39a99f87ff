/** Why nothing can be done over this shim; what the client is told, in words for people. */
export class Failure extends Error {
  readonly code: string
  readonly hint: string
  constructor(code: string, message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.hint = hint
  }
}

/** No gateway can be talked to, and none could be started. */
export function unreachable(message: string, hint: string, options?: ErrorOptions): Failure {
  return new Failure('GATEWAY_UNREACHABLE', message, hint, options)
}
