import type { Envelope } from '../../../shared/envelope.ts'
import type { RulePart } from '../../../shared/policy-tools.ts'
import { fitsResources } from './fits-call.ts'
import type { Glob } from './glob.ts'
import { quote } from './quote.ts'
import { isStrict, type Match, type Rule } from './rule.ts'
import { fullNamesOf, subjectOf } from './rule-index.ts'

/** What one part of a match is called, asks for, and finds in a call. */
type Part<K extends keyof Match> = {
  name: string
  wants: (value: NonNullable<Match[K]>) => string
  has: (envelope: Envelope) => string
  fits: (value: NonNullable<Match[K]>, envelope: Envelope, rule: Rule, today: string) => boolean
}

/** Every part of a match. A part without a line here does not compile, so that nothing is left unexplained. */
const parts: { readonly [K in keyof Match]-?: Part<K> } = {
  servers: {
    name: 'server',
    wants: patterns,
    has: ({ server }) => quote(server.name),
    fits: (globs, { server }) => fitsAny(globs, server.name),
  },
  serversNotIn: {
    name: 'other servers',
    wants: (globs) => `any but ${patterns(globs)}`,
    has: ({ server }) => quote(server.name),
    fits: (globs, { server }) => !fitsAny(globs, server.name),
  },
  tools: {
    name: 'tool',
    wants: patterns,
    has: ({ tool }) => quote(tool.name),
    fits: (globs, { tool }) => fitsAny(globs, tool.name),
  },
  actions: {
    name: 'action',
    wants: (actions) => actions.join(' or '),
    has: ({ tool }) => tool.action,
    fits: (actions, { tool }) => actions.includes(tool.action),
  },
  kinds: {
    name: 'kind',
    wants: (kinds) => kinds.join(' or '),
    has: ({ call }) => call.kind,
    fits: (kinds, { call }) => kinds.includes(call.kind),
  },
  names: {
    name: 'name',
    wants: patterns,
    has: ({ names }) => names.map(quote).join(', '),
    // As the index sees it: one spelling is enough for a rule that forbids or asks, one that lets through must fit all.
    fits(globs, { names }, { effect }) {
      const fit = (name: string) => fitsAny(globs, name)
      return isStrict(effect) ? names.some(fit) : names.every(fit)
    },
  },
  riskTags: {
    name: 'tag',
    wants: (tags) => tags.map(quote).join(' or '),
    has: ({ risk_tags }) => risk_tags.map(quote).join(', ') || 'none',
    fits: (tags, { risk_tags }) => risk_tags.some((tag) => tags.includes(tag)),
  },
  ...partsOfOtherFormats(),
}

type Parts<K extends keyof Match> = { readonly [P in K]-?: Part<P> }

/** What only per-tool files and pattern policies ask for. */
function partsOfOtherFormats(): Parts<
  ('fullNames' | 'namespaces' | 'verbs' | 'resources') | ('roles' | 'rolesNotIn' | 'fromRisk' | 'afterDay' | 'toDay')
> {
  return {
    fullNames: {
      name: 'tool',
      wants: patterns,
      has: (envelope) => fullNamesOf(subjectOf(envelope)).map(quote).join(', '),
      fits: (globs, envelope) => fullNamesOf(subjectOf(envelope)).some((name) => fitsAny(globs, name)),
    },
    namespaces: {
      name: 'namespace',
      wants: patterns,
      has: ({ tool }) => [...new Set([tool.namespace, tool.module])].map(quote).join(', '),
      fits: (globs, { tool }) => fitsAny(globs, tool.namespace) || fitsAny(globs, tool.module),
    },
    verbs: {
      name: 'verb',
      wants: patterns,
      has: ({ tool }) => quote(tool.verb),
      fits: (globs, { tool }) => fitsAny(globs, tool.verb),
    },
    resources: {
      name: 'resource',
      wants: patterns,
      has: ({ resource }) => [...resource.paths, ...resource.uris].slice(0, 50).map(quote).join(', ') || 'none',
      fits: (globs, { resource }, { effect }) => fitsResources(globs, resource, isStrict(effect)),
    },
    roles: {
      name: 'role',
      wants: (roles) => roles.map(quote).join(' or ') || 'nobody',
      has: rolesOf,
      fits: (roles, { user }) => roles.some((role) => user.roles.includes(role)),
    },
    rolesNotIn: {
      name: 'other roles',
      wants: (roles) => `none of ${roles.map(quote).join(', ')}`,
      has: rolesOf,
      fits: (roles, { user }) => !roles.some((role) => user.roles.includes(role)),
    },
    fromRisk: {
      name: 'risk',
      wants: (score) => `${score} or more`,
      has: ({ risk }) => String(risk.score),
      fits: (score, { risk }) => risk.score >= score,
    },
    afterDay: {
      name: 'day',
      wants: (day) => `after ${day}`,
      has: () => 'the day of the call',
      fits: (day, _envelope, _rule, today) => today > day,
    },
    toDay: {
      name: 'day',
      wants: (day) => `until ${day}`,
      has: () => 'the day of the call',
      fits: (day, _envelope, _rule, today) => today <= day,
    },
  }
}

function rolesOf({ user }: Envelope): string {
  return user.roles.map(quote).join(', ') || 'none'
}

/** Each thing that a rule's match asks of a call, in the order of reading, and whether the call has it. */
export function matchParts(rule: Rule, envelope: Envelope, today: string): RulePart[] {
  return (Object.keys(parts) as (keyof Match)[]).flatMap((key) => {
    const value = rule.match[key]
    if (value === null) return []
    const { name, wants, has, fits } = parts[key] as Part<keyof Match>
    return [
      {
        part: name,
        fits: fits(value, envelope, rule, today),
        wants: wants(value).slice(0, longest),
        has: has(envelope).slice(0, longest),
      },
    ]
  })
}

/** A rule may list thousands of names. */
const longest = 500

function patterns(globs: readonly Glob[]): string {
  return globs
    .slice(0, 50)
    .map((glob) => quote(glob.pattern))
    .join(' or ')
}

function fitsAny(globs: readonly Glob[], name: string): boolean {
  return globs.some((glob) => glob.fits(name))
}
