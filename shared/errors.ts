/**
 * Every reason a call can be refused or end badly, with what is said to a person and what they can do about it.
 * Codes are for programs and never change meaning; messages are lower case without a full stop; hints say the next step.
 */
export const reasons = {
  AUDIT_UNWRITABLE: [
    'the audit record cannot be written, so no call is made',
    'free disk space or fix permissions of the profile folder, then retry',
  ],
  SERVER_UNKNOWN: [
    'no server of this name is registered',
    'register it with `toolgate servers add <name> -- <command…>`',
  ],
  SERVER_NOT_APPROVED: [
    'this server is registered but nobody has approved it',
    'review it with `toolgate servers approve <name>`',
  ],
  SERVER_CHANGED: [
    'what this server would run differs from what was approved',
    'review it again with `toolgate servers approve <name>`',
  ],
  SERVER_START_FAILED: [
    'the server could not be started',
    'run `toolgate doctor`, and check the command with `toolgate servers list`',
  ],
  SERVER_EXITED: ['the server ended before it answered', 'retry; if it happens again see `toolgate doctor`'],
  SERVER_CRASHING: [
    'the server keeps ending, so it is not started for now',
    'ask the person to see why with `toolgate servers show <name>`, and once it is mended `toolgate servers restart <name>`',
  ],
  LIMIT_REACHED: [
    'a limit of this gateway is reached',
    'wait until some of it is done, or have the person raise it in `settings.json`, see `toolgate settings show`',
  ],
  SERVER_UNREACHABLE: [
    'the server could not be reached, or broke off before it answered',
    'check that it runs and what `toolgate servers list` says of its address; check what a call did before repeating it',
  ],
  SERVER_WANTS_SIGN_IN: [
    'the server wants to be signed in to',
    'a person signs in with `toolgate servers sign-in <name>`, or on its page in the app; then ask again',
  ],
  SERVER_WANTS_SCOPES: [
    'the server wants rights that its sign-in did not give',
    'a person signs in again with `toolgate servers sign-in <name>`, which asks for them; then ask again',
  ],
  SERVER_REFUSES_HEADER: [
    'the server refuses the `Authorization` header that it was registered with',
    'remove it with `toolgate servers remove <name>` and register it with another value, or without one to sign in',
  ],
  VAULT_UNREADABLE: [
    'the secrets that this server needs cannot be read',
    'see the log; if the key of the vault is lost, remove the server, register it again and sign in again',
  ],
  TOOL_UNKNOWN: ['the server does not offer this tool', 'ask the server for its tools again'],
  TOOL_FOR_APPS: [
    'only an app of the server may call this tool, and this client shows no apps',
    'use another tool, or a client that shows MCP Apps',
  ],
  TASK_UNKNOWN: ['no call of this session made a task of this id', 'make the call again, and use the id in its answer'],
  TOOL_NOT_REVIEWED: [
    'nobody has reviewed this tool',
    'review it with `toolgate servers approve <server>`, or where it is of tier 3 in the approval window: `toolgate open`, then Servers, <server>',
  ],
  TOOL_CHANGED: [
    'the definition of this tool changed since it was approved',
    'see what changed and approve it with `toolgate servers approve <server>`, or where it is of tier 3 in the approval window: `toolgate open`, then Servers, <server>',
  ],
  TOOL_REVIEW_DUE: [
    'the approval of this tool is over, so it is held until its review',
    'review it with `toolgate servers approve <server>`, or where it is of tier 3 in the approval window: `toolgate open`, then Servers, <server>',
  ],
  STOPPED: [
    'stopped, until a person lets it run again',
    'a person resumes it at the approval page: `toolgate open`, then Resume',
  ],
  CLIENT_REFUSED: [
    'this client could not prove who it is',
    'connect the client again with `toolgate clients issue <name>`',
  ],
  SCOPE_MISSING: [
    'the token of this client lacks a scope that this call needs',
    'a person makes another token that holds it: `toolgate token create --scope …`',
  ],
  PROTECTED_PATH: [
    "the call touches Toolgate's own files or a client configuration, which no tool may do",
    'change these by hand, outside of any governed client',
  ],
  POLICY_MISSING: [
    'no policy is in force, so nothing is allowed',
    'put a policy file into the policy folder, see `toolgate policy show`',
  ],
  POLICY_ERROR: [
    'the policy could not be evaluated for this call, so it is denied',
    'see the rule errors with `toolgate audit tail`, then fix the policy',
  ],
  POLICY_DENIED: ['policy denies this call', 'see `toolgate policy show`; a person can change the rule'],
  NO_RULE: ['no rule allows this call', 'a person can add a rule to the policy folder'],
  ACCESS_DENIED: [
    'the access policy of this client does not include this tool',
    'a person can bind another access policy to the client',
  ],
  CONSTRAINT_UNENFORCEABLE: [
    'the call is allowed only under a constraint that cannot be enforced for this server',
    'remove the constraint or use a server for which it can be enforced',
  ],
  CONSTRAINT_CONFLICT: [
    'the rules that match ask for constraints that exclude each other',
    'make the lists of the rules overlap',
  ],
  CONSTRAINT_VIOLATED: [
    'the call breaks a bound that policy sets',
    'change the call so that it keeps within the bound, as the sentence above says',
  ],
  RATE_LIMITED: [
    'there were as many calls as policy allows for this time',
    'wait as long as the sentence above says, then make the call again',
  ],
  APPROVAL_PENDING: [
    'waiting for a person to approve this call',
    'ask the person to answer in `toolgate approvals`, then make exactly the same call again in this session',
  ],
  APPROVAL_DENIED: ['a person denied this call', 'do not repeat it; ask what they would prefer'],
  QUIET_HOURS: [
    'this call needs a person, and at this hour nobody is asked',
    'do something else, and make the call again when quiet hours are over',
  ],
  APPROVAL_EXPIRED: [
    'nobody answered in time, so the call is denied',
    'ask the person to watch `toolgate approvals`, then try again',
  ],
  APPROVAL_UNREACHABLE: [
    'a person must approve this call, and nothing that could show them is open',
    'ask the person to open Toolgate to approve: `toolgate open`, or `toolgate approvals watch` in a terminal; then make the call again',
  ],
  APPROVAL_IMPOSSIBLE: [
    'a person must approve this call, and policy lets nobody here do that',
    'do something else; whoever wrote the policy sees in `toolgate policy lint` what is missing',
  ],
  TOO_MANY_PENDING: ['too many calls already wait for a person', 'wait until some of them are answered'],
  DECISION_UNSETTLED: [
    'policy, or what the server is, kept changing while this call was judged, so it is not made',
    'make the call again',
  ],
  CALL_CANCELLED: ['the caller cancelled this call', 'nothing to do'],
  RUNTIME_EXCEEDED: [
    'the tool ran longer than policy allows and was cancelled',
    'ask for less work in one call, or have `max_runtime_sec` raised',
  ],
  RESULT_TOO_LARGE: [
    'the tool ran but its answer is longer than policy allows, so it is not delivered',
    'ask for less at once: fewer rows, fewer fields, or a part of it',
  ],
  RESULT_WITHHELD: [
    'the tool ran but its result could not be scanned, so it is not delivered',
    'ask for a smaller result',
  ],
  MALFORMED_MESSAGE: [
    'this is not one well-formed JSON-RPC message',
    'send one JSON object per line, without duplicate keys',
  ],
  MESSAGE_TOO_LARGE: ['the message is larger than the limit', 'send or ask for less at once'],
  INTERRUPTED: ['Toolgate ended while this call was open', 'check what the tool did before repeating the call'],
  INTERNAL: ['Toolgate failed while handling this call, so it is not made', 'see the log in the profile folder'],
} as const satisfies Record<string, readonly [message: string, hint: string]>

/** A stable reason code; `reasons` has its words. */
export type ReasonCode = keyof typeof reasons

/** A failure that a person is told about: a stable code, a sentence, and what to do next. */
export class ToolgateError extends Error {
  readonly code: ReasonCode
  readonly hint: string
  constructor(code: ReasonCode, detail?: string, options?: ErrorOptions) {
    super(detail ? `${reasons[code][0]}: ${detail}` : reasons[code][0], options)
    this.name = 'ToolgateError'
    this.code = code
    this.hint = reasons[code][1]
  }
}
