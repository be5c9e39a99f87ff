import { isObject } from '../../../../shared/is-object.ts'
import { lettersOf, namesBound } from './argument-names.ts'
import { prose } from './sql-in.ts'

/** Makes the arguments of a call that asks the same database something else than the agent did. */
export type QuestionArguments = (sql: string) => Record<string, unknown>

/** What may say which database is meant, in lower case and letters only. */
const chooses = new RegExp(
  `^(?:${[
    '(?:database|db|connection)(?:s?|id|name|identifier|key|path|file|url|uri|string)|dsn',
    '(?:schema|catalog|dataset|datasource|source|project|branch|instance|cluster|server|warehouse|workspace|keyspace|region)(?:id|name|identifier|ref|key)?',
    '(?:organi[sz]ation|org|account|tenant|environment|env)(?:id|name|identifier|ref|key)?',
  ].join('|')})$`,
)

/** What names a database and does nothing else: no quotes, spaces or brackets, and nothing that settings are written with. */
const plainName = /^[\p{L}\p{N}_.:/\\@-]{1,300}$/u

/** What is about the agent's own statement or its answer, and says nothing of which database that is. */
const aside = new Set(
  [
    'limit rowlimit maxrows maxresults offset page pagesize timeout timeoutms timeoutsec timeoutseconds maxexecutiontime',
    'format outputformat resultformat responseformat explain verbose model mcpclient',
  ].flatMap((line) => line.split(' ')),
)

const noQuestion = 'the database cannot be asked what the names in the statement stand for'

/** Stands where the tool wants to be told why. */
const ownWords = 'Toolgate asks what the names in a statement stand for'

/**
 * What a question to the database of a call may hold of the call's arguments: the SQL, which is replaced, and what says which database that is. The
 * agent's other arguments may do something by themselves, so they are left out where they say nothing of the database, and where that
 * cannot be told there is no question. `text` is the SQL, in the arguments or one level below; `schema` is what the tool takes.
 */
export function questionArguments(
  args: Record<string, unknown>,
  text: string,
  schema: unknown,
): QuestionArguments | { why: string } {
  const unclear = unclearIn(args, text, schema, true)
  return unclear === null ? (sql) => members(args, text, sql, true) : { why: unclear }
}

type Kind = 'sql' | 'chooses' | 'words' | 'aside' | 'inside' | 'unclear'

function kindOf(key: string, value: unknown, text: string, outermost: boolean): Kind {
  const name = lettersOf(key)
  if (value === text) return 'sql'
  if (outermost && holds(value, text)) return 'inside'
  if (value === null || aside.has(name) || namesBound(key)) return 'aside'
  if (prose.has(name) && name !== 'name') return typeof value === 'string' ? 'words' : 'aside'
  if (chooses.test(name) && (Number.isSafeInteger(value) || plainName.test(typeof value === 'string' ? value : '')))
    return 'chooses'
  return 'unclear'
}

/** Whether something that is no text has the SQL in it, one level below. */
function holds(value: unknown, text: string): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => item === text || holdsIt(item, text))
  return holdsIt(value, text)
}

function holdsIt(value: unknown, text: string): boolean {
  return isObject(value) && Object.values(value).includes(text)
}

/** What keeps a question from being asked, in words, or null. */
function unclearIn(args: Record<string, unknown>, text: string, schema: unknown, outermost: boolean): string | null {
  const { required, properties } = (schema ?? {}) as { required?: unknown; properties?: Record<string, unknown> }
  for (const [key, value] of Object.entries(args)) {
    const kind = kindOf(key, value, text, outermost)
    if (kind === 'unclear')
      return `${noQuestion}: \`${key}\` may choose another database, or do something by itself; leave it out`
    if (kind === 'aside' && Array.isArray(required) && required.includes(key))
      return `${noQuestion} without \`${key}\`, which the tool wants; name no table, or use another tool`
    if (kind !== 'inside') continue
    for (const each of [value].flat().filter(isObject)) {
      const found = unclearIn(each, text, isObject(value) ? properties?.[key] : null, false)
      if (found !== null) return found
    }
  }
  return null
}

function members(
  args: Record<string, unknown>,
  text: string,
  sql: string,
  outermost: boolean,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).flatMap(([key, value]): [string, unknown][] => {
      switch (kindOf(key, value, text, outermost)) {
        case 'sql':
          return [[key, sql]]
        case 'chooses':
          return [[key, value]]
        case 'words':
          return [[key, ownWords]]
        case 'inside':
          return [[key, inside(value, text, sql)]]
        default:
          return []
      }
    }),
  )
}

function inside(value: unknown, text: string, sql: string): unknown {
  if (Array.isArray(value)) return value.map((item) => (item === text ? sql : inside(item, text, sql)))
  return members(value as Record<string, unknown>, text, sql, false)
}
