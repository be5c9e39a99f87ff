import type { ConsentView, ConsentWarning } from '../../shared/consents.ts'
import { printable } from '../../shared/printable.ts'

type Said = { tone: 'asked' | 'denied'; text: string }

/** What a person should know before they let an app in; the gravest first. */
export function consentWarnings({ warnings, redirect, app, public_origin }: ConsentView): Said[] {
  const words: Record<ConsentWarning, Said | null> = {
    says_so_itself: {
      tone: 'asked',
      text: `Nothing proves that this is ${printable(app)}: the name is what the app says of itself.`,
    },
    local_redirect: {
      tone: 'asked',
      text: 'Your answer goes to a program on this machine. Any program here could have asked under this name: allow it only if you started it just now.',
    },
    private_scheme: {
      tone: 'asked',
      text: `Your answer goes to whichever program opens ${redirect.host} addresses on this machine.`,
    },
    never_seen: null,
    no_policy: null,
  }
  // What matters of one of the network is said by `networkWords`, once and first.
  return public_origin === null ? warnings.flatMap((warning) => words[warning] ?? []) : []
}

/** What to make of a request that came by the public origin; null for one of this machine. */
export function networkWords({ public_origin }: Pick<ConsentView, 'public_origin'>): string | null {
  if (public_origin === null) return null
  const name = public_origin.replace('https://', '')
  return `It came by ${name}, from somebody whom the proxy let through, and nothing proves its name. Allow it only for somebody you know, who tells you that their browser shows this code:`
}

/** Where the answer goes, in words. */
export function redirectWords({ redirect, public_origin }: ConsentView): string {
  const here = public_origin === null
  const machine = here ? 'this machine' : 'the machine of whoever asks, not on this one'
  if (redirect.kind === 'web') return `Your answer goes to the website ${redirect.host}`
  if (redirect.kind === 'private')
    return `Your answer goes to the program that opens ${redirect.host} addresses on ${machine}`
  return here
    ? `Your answer goes to this machine, ${redirect.host}`
    : `Your answer goes to ${redirect.host} on ${machine}`
}

/** How many of the tools it could ever call, in words. */
export function reachWords({ tools, tools_in_all, server, policies, ceiling }: ConsentView): string {
  const where = server === null ? 'of all servers' : `of ${server}`
  const count = tools.reduce((sum, each) => sum + each.count, 0)
  if (policies.length === 0)
    return `It can call none of the ${tools_in_all} tools ${where} until an access policy is bound to it`
  const named =
    policies.length === 1 ? `the access policy ${policies[0]}` : `the access policies ${policies.join(', ')}`
  return `It can call ${count} of the ${tools_in_all} tools ${where}, up to classification ${ceiling}, by ${named}`
}
