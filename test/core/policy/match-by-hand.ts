import type { Envelope } from '../../../shared/envelope.ts'
import type { Glob } from '../../../src-main/core/policy/glob.ts'
import type { Match, Rule } from '../../../src-main/core/policy/rule.ts'

/** A call as a rule is held against it, and the parts of it that the rule index does not see. */
type Asked = { envelope: Envelope; today: string; strict: boolean }

type Clauses = { [Part in keyof Match]: (wanted: NonNullable<Match[Part]>, asked: Asked) => boolean }

/**
 * What each part of a match asks for, one after the other, slowly, and from nothing but the words beside its type: no code of the product
 * is used, so that what that loses is not lost here. A part that is new does not compile until it is here.
 */
const clauses: Clauses = {
  servers: (globs, { envelope }) => likeAny(globs, envelope.server.name),
  serversNotIn: (globs, { envelope }) => !likeAny(globs, envelope.server.name),
  tools: (globs, { envelope }) => likeAny(globs, envelope.tool.name),
  verbs: (globs, { envelope }) => likeAny(globs, envelope.tool.verb),
  namespaces: (globs, { envelope: { tool } }) => likeAny(globs, tool.namespace) || likeAny(globs, tool.module),
  actions: (actions, { envelope }) => actions.some((action) => action === envelope.tool.action),
  kinds: (kinds, { envelope }) => kinds.some((kind) => kind === envelope.call.kind),
  names: (globs, { envelope, strict }) => fitSome(envelope.names, globs, strict),
  fullNames: (globs, { envelope: { server, tool } }) =>
    tool.name !== '' &&
    (likeAny(globs, tool.name) ||
      likeAny(globs, `${server.name}.${tool.name}`) ||
      likeAny(globs, `${tool.namespace}.${tool.verb}`)),
  riskTags: (tags, { envelope }) => tags.some((tag) => envelope.risk_tags.some((one) => one === tag)),
  resources: (globs, { envelope: { resource }, strict }) => {
    const named = [...resource.paths, ...resource.uris]
    return named.length > 0 && fitSome(named, globs, strict)
  },
  roles: (roles, { envelope }) => roles.some((role) => envelope.user.roles.some((one) => one === role)),
  rolesNotIn: (roles, { envelope }) => !roles.some((role) => envelope.user.roles.some((one) => one === role)),
  fromRisk: (score, { envelope }) => envelope.risk.score >= score,
  afterDay: (day, { today }) => Date.parse(today) > Date.parse(day),
  toDay: (day, { today }) => Date.parse(today) <= Date.parse(day),
}

/** The parts that all calls of one subject share, which is what the rule index looks at. */
const ofSubjects = ['servers', 'serversNotIn', 'tools', 'verbs', 'actions', 'kinds', 'names', 'fullNames'] as const

/** Whether a rule is about this call, its condition left aside. */
export function matchesByHand(rule: Rule, envelope: Envelope, today: string): boolean {
  return (Object.keys(clauses) as (keyof Match)[]).every((part) => fits(part, rule, { envelope, today }))
}

/** Whether it is as far as the subject of the call tells. */
export function fitsSubjectByHand(rule: Rule, envelope: Envelope): boolean {
  return ofSubjects.every((part) => fits(part, rule, { envelope, today: '' }))
}

function fits<Part extends keyof Match>(part: Part, { match, effect }: Rule, asked: Omit<Asked, 'strict'>): boolean {
  const wanted = match[part]
  if (wanted === null) return true
  return clauses[part](wanted, { ...asked, strict: effect === 'DENY' || effect === 'REQUIRE_APPROVAL' })
}

/** One of the readings is enough for a rule that holds back; one that lets through must fit all of them. */
function fitSome(readings: readonly string[], globs: readonly Glob[], strict: boolean): boolean {
  const good = readings.filter((reading) => likeAny(globs, reading)).length
  return strict ? good > 0 : good === readings.length
}

const likeAny = (globs: readonly Glob[], text: string) => globs.some(({ pattern }) => like(pattern, text))

/** A pattern as a regular expression: `*` any run, `?` one character, `{a,b}` one of these. */
function like(pattern: string, text: string): boolean {
  const words: Record<string, string> = { '*': '[^]*', '?': '[^]', '{': '(?:', '}': ')' }
  let inBraces = false
  const source = [...pattern].map((character) => {
    if (character === '{' || character === '}') inBraces = character === '{'
    if (character === ',' && inBraces) return '|'
    return words[character] ?? character.replace(/[^\w]/, '\\$&')
  })
  return new RegExp(`^(?:${source.join('')})$`).test(text)
}
