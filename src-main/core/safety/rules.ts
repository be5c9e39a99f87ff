/** One kind of secret or personal datum: a linear pattern that begins with something rare, then an optional check. */
export type SafetyRule = {
  id: string
  /** Global; no nested quantifiers, all repeats bounded. */
  pattern: RegExp
  /**
   * Every match contains one of these: lower-case whatever the pattern asks for, at least two ASCII characters, `#` for any digit. No white space,
   * quote or backslash, which a JSON text may write in other ways.
   */
  anchors: readonly string[]
  /** Characters at the beginning of a match that only lead to the secret. A look-behind says the same at ten times the cost. */
  lead?: number
  accept?: (match: string) => boolean
}

function luhn(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '')
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return digits.length >= 13 && sum % 10 === 0 && !/^(\d)\1+$/.test(digits)
}

/** Bits per character. One table for all, since a hostile text holds ten thousands of candidates; beyond ASCII all count as one. */
const counts = new Uint16Array(128)

function entropy(text: string): number {
  for (let at = 0; at < text.length; at++) counts[place(text, at)] = countAt(text, at) + 1
  let bits = 0
  for (let at = 0; at < text.length; at++) bits += Math.log2(countAt(text, at))
  // Only what was counted is cleared: to go through the whole table takes longer than the text.
  for (let at = 0; at < text.length; at++) counts[place(text, at)] = 0
  return Math.log2(text.length) - bits / text.length
}

function place(text: string, at: number): number {
  return Math.min(text.charCodeAt(at), 127)
}

function countAt(text: string, at: number): number {
  return counts[place(text, at)] ?? 0
}

/** Documented examples and templates are not secrets. */
const placeholder = /EXAMPLE|example|xxxx|XXXX|\.\.\.|\$\{|<[a-z]|your[-_]?|changeme|placeholder/

const real = (match: string) => !placeholder.test(match)

/** The table: add a row, and a line to the labelled corpus in the tests. */
export const safetyRules: readonly SafetyRule[] = [
  { id: 'aws-access-key', anchors: ['akia', 'asia'], pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g, accept: real },
  {
    id: 'github-token',
    anchors: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255})\b/g,
  },
  { id: 'gitlab-token', anchors: ['glpat-'], pattern: /\bglpat-[A-Za-z0-9_-]{20,64}\b/g },
  {
    id: 'slack-token',
    anchors: ['xoxa-', 'xoxb-', 'xoxp-', 'xoxs-', 'xapp-'],
    pattern: /\bx(?:ox[abps]|app)-[A-Za-z0-9-]{20,255}/g,
    accept: real,
  },
  { id: 'stripe-key', anchors: ['rk_live_', 'sk_live_'], pattern: /\b[rs]k_live_[A-Za-z0-9]{16,255}\b/g },
  { id: 'google-api-key', anchors: ['aiza'], pattern: /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g },
  { id: 'anthropic-key', anchors: ['sk-ant-'], pattern: /\bsk-ant-[A-Za-z0-9_-]{32,255}/g },
  { id: 'openai-key', anchors: ['sk-proj-', 'sk-svcacct-'], pattern: /\bsk-(?:proj|svcacct)-[A-Za-z0-9_-]{32,255}/g },
  { id: 'npm-token', anchors: ['npm_'], pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { id: 'sendgrid-key', anchors: ['sg.'], pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g },
  {
    id: 'private-key',
    anchors: ['-----begin'],
    pattern:
      /-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY-----[^-]{20,16384}-----END (?:[A-Z]{2,12} ){0,2}PRIVATE KEY-----/g,
  },
  {
    id: 'jwt',
    anchors: ['.eyj'],
    pattern: /\beyJ(?:[A-Za-z0-9_]|-(?!eyJ)){10,2048}\.eyJ[A-Za-z0-9_-]{10,8192}\.[A-Za-z0-9_-]{20,1024}/g,
  },
  {
    id: 'url-password',
    anchors: ['://'],
    pattern: /:\/\/[^\s:/@"']{1,64}:[^\s:/@"']{6,128}(?=@[a-z0-9.-]{3,253})/gi,
    lead: 3,
    accept: real,
  },
  {
    id: 'assigned-secret',
    anchors: ['secret', 'token', 'passwd', 'password', 'apikey', 'api_key', 'accountkey'],
    pattern:
      /(?:secret|token|passw(?:or)?d|api_?key|accountkey)[A-Za-z_]{0,24}["']?\s{0,4}[:=]\s{0,4}["']?[A-Za-z0-9+/_=.-]{16,256}/gi,
    accept: (match) => real(match) && /\d/.test(match) && entropy(match.replace(/^.*?[:=]/s, '')) > 3.5,
  },
  {
    id: 'payment-card',
    anchors: ['####'],
    // The first four digits one by one: V8 looks ahead through those, not through a `{4}`.
    pattern: /(?<![\d.-])(?:\d\d\d\d[ -]\d{4}[ -]\d{4}[ -]\d{1,4}|[345]\d\d\d\d{11,12})(?![\d.-])/g,
    accept: luhn,
  },
  { id: 'us-ssn', anchors: ['###-##-'], pattern: /(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g },
]
