import type { ConsentView, ConsentWarning } from '../../shared/consents.ts'

type Said = { tone: 'asked' | 'denied'; text: string }

/** What a person should know before they let an app in; the gravest first. */
export function consentWarnings({ warnings, redirect, app }: ConsentView): Said[] {
  const words: Record<ConsentWarning, Said | null> = {
    says_so_itself: {
      tone: 'asked',
      text: `Nothing proves that this is ${app}: the name is what the app says of itself.`,
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
  return warnings.flatMap((warning) => words[warning] ?? [])
}

/** Where the answer goes, in words. */
export function redirectWords({ redirect }: ConsentView): string {
  if (redirect.kind === 'web') return `Your answer goes to the website ${redirect.host}`
  if (redirect.kind === 'private') return `Your answer goes to the program that opens ${redirect.host} addresses`
  return `Your answer goes to this machine, ${redirect.host}`
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
