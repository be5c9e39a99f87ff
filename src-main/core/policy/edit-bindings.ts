import { type Document, isMap, isScalar, isSeq, type YAMLMap, YAMLSeq } from 'yaml'
import { bindingsFile } from '../../../shared/bindings-file.ts'
import { CallError } from '../../../shared/call-errors.ts'
import { editableYaml } from './yaml-source.ts'

const fresh = `# Bindings that were made on the pages of clients. See docs/policy.md, access policies.
version: v1
`

/** Which access policy a binding is to, and the tenant that it holds for alone; null: always. */
export type BindingTo = { policy: string; tenant: string | null }

/**
 * The text of the file with an access policy bound to a client, and no longer with the one that it has always `instead` of, if it has that;
 * comments stay. Throws `CallError` BAD_INPUT when it cannot be edited.
 */
export function withBinding(text: string | null, to: BindingTo, client: string, instead: string | null = null): string {
  const document = open(text ?? fresh)
  const bindings = bindingsOf(document) ?? newBindings(document)
  const lists = mapsIn(bindings).flatMap((entry) => (isTo(entry, to) ? (clientsIn(entry) ?? []) : []))
  const isBound = lists.some(({ items }) => items.some((item) => names(item, [client])))
  const isInstead = instead !== null && unbind(bindings, { policy: instead, tenant: null }, [client])
  if (isBound) return isInstead ? written(document) : (text ?? fresh)
  const [first] = lists
  if (first) first.add(document.createNode(client))
  else bindings.add(document.createNode(entryOf(to, client)))
  return written(document)
}

/**
 * The text without the bindings of an access policy to a client, by any of its names; null when the file then says nothing. Throws
 * `CallError` NOT_FOUND when the file does not bind it, and BAD_INPUT when it cannot be edited.
 */
export function withoutBinding(text: string | null, to: BindingTo, of: readonly string[]): string | null {
  const document = open(text ?? fresh)
  const bindings = bindingsOf(document)
  if (!bindings || !unbind(bindings, to, of)) {
    const hint = 'edit the file that does, or ask your organisation'
    throw new CallError(
      'NOT_FOUND',
      `\`${bindingsFile}\` does not bind \`${to.policy}\` to this client${whenWords(to)}`,
      hint,
    )
  }
  if (bindings.items.length === 0) document.delete('bindings')
  const says = ['bindings', 'access_policies', 'user_roles'].some((key) => document.has(key))
  return says ? written(document) : null
}

/** Takes the bindings of a policy to a client out; false when there is none. */
function unbind(bindings: YAMLSeq, to: BindingTo, of: readonly string[]): boolean {
  let removed = false
  for (const entry of mapsIn(bindings).filter((each) => isTo(each, to))) {
    const clients = clientsIn(entry)
    if (!clients) continue
    const kept = clients.items.filter((item) => !names(item, of))
    removed ||= kept.length < clients.items.length
    clients.items = kept
    if (kept.length === 0) entry.delete('clients')
  }
  bindings.items = bindings.items.filter((item) => !(isMap(item) && !item.has('clients') && !item.has('roles')))
  return removed
}

function isTo(entry: YAMLMap, { policy, tenant }: BindingTo): boolean {
  return entry.get('policy') === policy && (entry.get('tenant') ?? null) === tenant
}

function entryOf({ policy, tenant }: BindingTo, client: string) {
  return { policy, clients: [client], ...(tenant === null ? {} : { tenant }) }
}

function whenWords({ tenant }: BindingTo): string {
  return tenant === null ? '' : ` for the tenant \`${tenant}\``
}

function open(text: string): Document {
  const document = editableYaml(text)
  if (!document) throw new CallError('BAD_INPUT', `\`${bindingsFile}\` cannot be read`, 'mend it in the policy editor')
  return document
}

/** The clients that a binding names, a single one as a list of one; null where it names none. */
function clientsIn(entry: YAMLMap): YAMLSeq | null {
  const found: unknown = entry.get('clients', true)
  if (isSeq(found)) return found
  if (!isScalar(found)) return null
  const list = new YAMLSeq()
  list.flow = true
  list.add(found)
  entry.set('clients', list)
  return list
}

function names(item: unknown, clients: readonly string[]): boolean {
  return isScalar(item) && clients.includes(String(item.value))
}

function bindingsOf(document: Document): YAMLSeq | null {
  const found = document.get('bindings', true)
  return isSeq(found) ? found : null
}

function newBindings(document: Document): YAMLSeq {
  document.set('bindings', document.createNode([]))
  return document.get('bindings', true) as YAMLSeq
}

function mapsIn(bindings: YAMLSeq): YAMLMap[] {
  return bindings.items.filter((item) => isMap(item))
}

/** Whoever is bound stands on one line, however many they are: no line is broken where a person did not break it. */
function written(document: Document): string {
  return document.toString({ lineWidth: 0 })
}
