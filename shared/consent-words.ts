import type { ConsentView, ConsentWarning } from './consents.ts'

/** A sentence in parts, each shown with what is hidden in it made visible; `strong` ones stand out. */
export type Said = readonly { text: string; strong?: true }[]

const ours = (text: string) => ({ text })

/** What it means that an app asks. */
export const consentLead =
  'It could then ask for tools through Toolgate. Each call is still decided by policy, and recorded.'

/** For how long a yes may be, and what comes of it. */
export const consentDurations = {
  once: ['For one hour', 'then it has to ask again'],
  always: ['Until I revoke it', 'it renews its access by itself'],
} as const

/** Who says that an app is who it says it is. */
export function whoWords({ document_host: host, website }: ConsentView): Said {
  const who: Said =
    host === null
      ? [ours('It registered itself under this name')]
      : [ours('Named by a document that '), { text: host, strong: true }, ours(' publishes')]
  if (website === null) return who
  return [...who, ours(host === null ? ', and names ' : '; it names '), ours(website), ours(' as its website')]
}

/** What an app comes for, as it says. */
export function purposeWords({ purpose }: ConsentView): Said {
  if (purpose === null) return [ours('It does not say what for')]
  return [ours('It says what for: “'), ours(purpose), ours('”')]
}

/** What to make of a request that came by the public origin; null for one of this machine. */
export function networkWords({ public_origin }: Pick<ConsentView, 'public_origin'>): string | null {
  if (public_origin === null) return null
  const name = public_origin.replace('https://', '')
  return `It came by ${name}, from somebody whom the proxy let through, and nothing proves its name. Allow it only for somebody you know, who tells you that their browser shows this code:`
}

/** Where the answer goes. */
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

/** For whom it would work, and what that means; null: nobody here has data of their own. */
export function tenantReach({ tenant, tenants }: Pick<ConsentView, 'tenant' | 'tenants'>): string | null {
  if (tenant === null) return tenants.length === 0 ? null : 'Calls to the servers of any tenant ask you.'
  return `What you give it counts for ${tenant} alone; calls to the servers of other tenants ask you.`
}

/** How many of the tools it could ever call. */
export function reachWords({ tools, tools_in_all, server, policies, ceiling }: ConsentView): string {
  const where = server === null ? 'of all servers' : `of ${server}`
  const count = tools.reduce((sum, each) => sum + each.count, 0)
  if (policies.length === 0)
    return `It can call none of the ${tools_in_all} tools ${where} until an access policy is bound to it`
  const named =
    policies.length === 1 ? `the access policy ${policies[0]}` : `the access policies ${policies.join(', ')}`
  return `It can call ${count} of the ${tools_in_all} tools ${where}, up to classification ${ceiling}, by ${named}`
}

/** What it asks for beyond coming in; null: nothing. */
export function rightsWords({ scopes }: ConsentView): Said | null {
  if (scopes.length === 0) return null
  return [ours('It also asks for the rights that some tools need: '), { text: scopes.join(', '), strong: true }]
}

/** What a person should know before they let an app in; the gravest first. */
export function warningWords({ warnings, redirect, app, public_origin }: ConsentView): Said[] {
  // What matters of one of the network is said by `networkWords`, once and first.
  if (public_origin !== null) return []
  const words: Record<ConsentWarning, Said | null> = {
    says_so_itself: [
      ours('Nothing proves that this is '),
      ours(app),
      ours(': the name is what the app says of itself.'),
    ],
    local_redirect: [
      ours(
        'Your answer goes to a program on this machine. Any program here could have asked under this name: allow it only if you started it just now.',
      ),
    ],
    private_scheme: [ours(`Your answer goes to whichever program opens ${redirect.host} addresses on this machine.`)],
    never_seen: null,
    no_policy: null,
  }
  return warnings.flatMap((warning) => {
    const said = words[warning]
    return said === null ? [] : [said]
  })
}
