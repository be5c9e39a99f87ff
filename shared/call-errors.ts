import { type ReasonCode, reasons } from './errors.ts'

/** What a failure means to whoever called: their input, a refusal, something that is not there, or simply no. */
export type FailureKind = 'usage' | 'refused' | 'missing' | 'failed'

/**
 * Every way a call through a person's door fails that is not already a reason in `errors.ts`: what is said, what to do
 * next, and its kind. Codes never change meaning; whoever answers may add a detail to the message.
 */
export const callErrors = {
  UNKNOWN_CALL: ['this gateway does not know the call', 'run the same version of `toolgate` and its gateway', 'failed'],
  FORBIDDEN_AT_DOOR: [
    'this call may not be made from here',
    'what needs a person is done on the approval page or in a terminal',
    'refused',
  ],
  NOT_SIGNED_IN: [
    'this page is not signed in',
    'get a new link with `toolgate open`; links work once, for 60 seconds',
    'refused',
  ],
  NO_PAGES: [
    'this gateway shows no pages',
    'run `npm run build`, then start the gateway again; the terminal commands work without pages',
    'failed',
  ],
  TICKET_STALE: ['this answer is not for what is shown now', 'look at the request again, then answer it', 'refused'],
  REASON_REQUIRED: ['at this level an approval needs a reason', 'say in a few words why this is all right', 'usage'],
  VERIFY_FAILED: ['the record could not be verified', 'run `toolgate audit verify` in a terminal to see why', 'failed'],
  BAD_REQUEST: ['this is not one well-formed request', 'send one JSON object per line: id, call, input', 'failed'],
  BAD_INPUT: ['what was given does not fit', 'change it, then try again', 'usage'],
  TOO_LARGE: ['the message is larger than 8 MiB', 'ask for less at once', 'usage'],
  NOT_FOUND: ['there is nothing of this name', 'list what there is, then try again', 'missing'],
  CONFLICT: ['this changed since it was shown', 'look at it again, then decide', 'failed'],
  POLICY_PROBLEM: [
    'the policy would not load like this, so nothing was written',
    'try it first: `toolgate policy lint` and `toolgate policy test` say what is wrong and where',
    'failed',
  ],
  POLICY_UNWRITABLE: [
    'the policy folder cannot be written',
    'check its permissions and the free disk space; see `toolgate doctor`',
    'failed',
  ],
  ALREADY_APPROVED: [
    'a server of this name is approved already',
    'change it with `toolgate servers set <name>`, forget it with `toolgate servers remove <name>`, or choose another name',
    'failed',
  ],
  LEVEL_TOO_HIGH: ['a terminal may not answer at this level', 'answer it in the approval window', 'refused'],
  APPROVAL_NOT_YOURS: [
    'policy does not let you approve at this level',
    'see `approvals` in the rule files, or deny it',
    'refused',
  ],
  AUDITOR_ONLY_LOOKS: [
    'an auditor looks and answers nothing',
    'let somebody else answer, or ask an admin to change your groups',
    'refused',
  ],
  ADMIN_ONLY: [
    'only an admin of this machine may do that',
    'let one of the admins unlock the approval page, see `toolgate people list`',
    'refused',
  ],
  LAST_ADMIN: ['nobody else is an admin', 'make somebody else an admin first', 'refused'],
  EDIT_REFUSED: [
    'the call cannot be allowed with these arguments',
    'change them, allow the call as it was asked for, or deny it',
    'refused',
  ],
  OBSERVE_FORBIDDEN: [
    'policy forbids observe mode',
    'a rule file says `observe: forbidden`, see `toolgate policy show`; ask whoever wrote it',
    'refused',
  ],
  OVERRIDE_FORBIDDEN: [
    'policy forbids overrides',
    'a rule file says `observe: forbidden`, see `toolgate policy show`; ask whoever wrote it',
    'refused',
  ],
  PRESENCE_REQUIRED: [
    'this needs a person: no PIN was proved on this connection, or it was too long ago',
    'enter your PIN: the approval page asks for it, and so does a command that is run in a terminal',
    'refused',
  ],
  PRESENCE_NOT_ENROLLED: [
    'no PIN is enrolled, so a terminal cannot prove that a person is there',
    'enrol one with `toolgate presence enroll`',
    'refused',
  ],
  PRESENCE_LOST: [
    'a PIN was enrolled, but its file `keys/presence-pin` is gone from the profile folder',
    'restore the file from a backup, or remove the profile folder and set up Toolgate anew; if this was not you, see `toolgate audit tail`',
    'refused',
  ],
  PRESENCE_ENROLLED: [
    'a PIN is already enrolled',
    'give the PIN you have together with the new one: `toolgate presence enroll` asks for both',
    'refused',
  ],
  PRESENCE_PIN_UNFIT: [
    'this PIN is too easy to guess',
    'use at least 6 digits that are no simple series, or a passphrase of at least 6 characters',
    'usage',
  ],
  PRESENCE_PIN_WRONG: ['the PIN is wrong', 'try again; repeated mistakes lock the PIN for a while', 'refused'],
  PRESENCE_LOCKED: ['too many wrong PINs', 'wait, then try again', 'refused'],
  PRESENCE_NO_TERMINAL: [
    'the command does not run in a terminal, so no person can be seen to type',
    'run it in a terminal window, with its input from the keyboard',
    'refused',
  ],
  PRESENCE_BACKGROUND: [
    'the command runs in the background of its terminal',
    'bring it to the foreground of the terminal and try again',
    'refused',
  ],
  PRESENCE_IN_CLIENT: [
    'this terminal runs inside a governed client',
    'open a terminal outside of the client and try again',
    'refused',
  ],
  PRESENCE_IN_SERVER: [
    'this terminal was started by a governed server',
    'open a terminal yourself and try again; if this was not you, see `toolgate audit tail`',
    'refused',
  ],
  PRESENCE_GOVERNED: [
    'this terminal descends from something that Toolgate governs',
    'open a terminal outside of your AI clients and try again',
    'refused',
  ],
  PRESENCE_OTHER_USER: [
    'the command runs as another user than the gateway',
    'run it as the user who runs the gateway, without `sudo`',
    'refused',
  ],
  PRESENCE_UNREADABLE: [
    'the processes above this terminal cannot be inspected, so it counts as governed',
    'run the command in a plain terminal window of the user who runs the gateway',
    'refused',
  ],
  PRESENCE_NO_PROOF: [
    'the process that asks could not be told apart from others',
    'start the command again; only one command of a process can prove presence at a time',
    'refused',
  ],
  PRESENCE_UNSUPPORTED: [
    'on this system a terminal cannot prove that a person is there',
    'use the approval page, which comes with the browser interface',
    'refused',
  ],
  SIGN_IN_FAILED: [
    'the server could not be signed in to',
    'check its address with `toolgate servers list`, and that it is reached',
    'failed',
  ],
  NO_SIGN_IN: [
    'this server is not signed in to',
    'only servers over HTTP without an `Authorization` header of their own are',
    'failed',
  ],
} as const satisfies Record<string, readonly [message: string, hint: string, kind: FailureKind]>

/** Where a detail is the whole sentence: what else these say of it goes without saying. */
const detailAlone: readonly string[] = ['BAD_INPUT', 'NOT_FOUND'] satisfies (keyof typeof callErrors)[]

/** A stable code of a failed call; `callErrors` has its words. */
export type CallErrorCode = keyof typeof callErrors

/** A call that fails for a reason its caller should know: code, sentence, next step. */
export class CallError extends Error {
  readonly code: CallErrorCode
  readonly hint: string
  /** `detail` completes the sentence, or is all of it; `hint` replaces the usual next step where a better one is known. */
  constructor(code: CallErrorCode, detail?: string, hint?: string) {
    const [sentence] = callErrors[code]
    super(detail && detailAlone.includes(code) ? detail : detail ? `${sentence}: ${detail}` : sentence)
    this.name = 'CallError'
    this.code = code
    this.hint = hint ?? callErrors[code][1]
  }
}

/** `APPROVAL_EXPIRED` reaches a person's door only when they answer a request that is gone. */
const missing: readonly string[] = ['SERVER_UNKNOWN', 'TOOL_UNKNOWN', 'APPROVAL_EXPIRED'] satisfies ReasonCode[]

/** The kind of any failure code that a gateway may answer with; unknown codes count as `failed`. */
export function failureKind(code: string): FailureKind {
  if (Object.hasOwn(callErrors, code)) return callErrors[code as CallErrorCode][2]
  return Object.hasOwn(reasons, code) && missing.includes(code) ? 'missing' : 'failed'
}
