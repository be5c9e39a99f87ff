import { launchWord } from '../../shared/launch.ts'
import { printable } from '../../shared/printable.ts'
import { looksLikeSql, verbsOfSql } from './code-tokens.ts'
import type { SentenceFacts, SentencePart } from './sentence-part.ts'
import { shortPath } from './short-path.ts'
import { atMost, givenUnder, hasAny, isTexts, textOf, wordsOf } from './tool-words.ts'

/** Arguments that hold SQL, and those that hold a line of shell. */
const sqlNames = 'sql query statement'
const shellNames = 'command cmd script commandline command_line'

/** Longest command or address that a sentence holds; what is longer is counted and stands below in full. */
const mostShown = 72
const databases =
  'sql query db database execute exec run statement postgres postgresql mysql mariadb sqlite mssql duckdb'
const shells = 'run exec execute shell bash sh zsh cmd command terminal powershell spawn process script'
const webs =
  'fetch get http https request browse browser navigate open download visit goto crawl scrape post put url web'

type Deed = SentencePart[] | 'unclear' | null

/**
 * What a call does with a database, a shell or the network, as it follows “wants to”; null when it is about something else. `unclear`: it
 * carries several things that it could be about, and a sentence that names one of them would hide the others.
 */
export function otherDeed(call: SentenceFacts, args: Record<string, unknown>, home: string | null): Deed {
  const words = wordsOf(call.tool)
  const deeds = [sqlDeed(call, words, args), shellDeed(words, args, home), webDeed(call, words, args)]
  const [deed, ...others] = deeds.filter((each) => each !== null)
  return others.length > 0 ? 'unclear' : (deed ?? null)
}

function sqlDeed(call: SentenceFacts, words: ReadonlySet<string>, args: Record<string, unknown>): Deed {
  const given = givenUnder(args, sqlNames)
  const texts = given.filter((each) => typeof each === 'string')
  // What is asked of a search may begin with “select” too.
  const knows = hasAny(words, databases) || hasAny(wordsOf(call.server), databases)
  if (typeof args.sql !== 'string' && !(knows && texts.some(looksLikeSql))) return null
  const [sql, ...others] = texts
  if (sql === undefined) return null
  if (others.length > 0 || given.length > 1) return 'unclear'
  const { verbs } = verbsOfSql(sql)
  const database = textOf(args, 'database db schema')
  const on: SentencePart[] = database === null ? [] : [{ text: ' on ' }, { text: database, strong: true }]
  if (verbs.length === 0) return [{ text: 'run SQL' }, ...on]
  return [{ text: 'run SQL with ' }, { text: listed(verbs), strong: true }, ...on]
}

function shellDeed(words: ReadonlySet<string>, args: Record<string, unknown>, home: string | null): Deed {
  if (!hasAny(words, shells)) return null
  const command = commandOf(args)
  if (command === null || command === 'unclear') return command
  const { line } = command
  const folder = textOf(args, 'cwd workdir working_directory workingDirectory directory dir')
  const within: SentencePart[] =
    folder === null ? [] : [{ text: ' in ' }, { text: shortPath(folder, home), strong: true }]
  const lines = line.split('\n').length
  if (lines > 1) return [{ text: `run a script of ${lines} lines` }, ...within]
  if (line.length > mostShown || printable(line) !== line) {
    return [{ text: `run a command of ${line.length} characters` }, ...within]
  }
  return [{ text: 'run ' }, { text: line, strong: true }, ...within]
}

/** The command of a call as one text: a line of shell, or a program and its arguments. */
function commandOf(args: Record<string, unknown>): { line: string } | 'unclear' | null {
  const given = givenUnder(args, `${shellNames} argv`)
  if (given.length === 0) return null
  const parts = [...given, ...givenUnder(args, 'args arguments')].map(lineOf)
  const [line, rest, ...others] = parts
  if (given.length > 1 || others.length > 0 || rest === null) return 'unclear'
  if (line === undefined || line === null) return null
  return { line: rest === undefined ? line : `${line} ${rest}` }
}

function lineOf(value: unknown): string | null {
  return typeof value === 'string' ? value.trim() : isTexts(value) ? value.map(launchWord).join(' ') : null
}

function webDeed(call: SentenceFacts, words: ReadonlySet<string>, args: Record<string, unknown>): Deed {
  if (!hasAny(words, webs)) return null
  const given = givenUnder(args, 'url uri link href endpoint')
  const [url, ...others] = given.flatMap((each) => webAddress(each) ?? [])
  if (!url) return null
  if (others.length > 0 || given.length > 1) return 'unclear'
  const method = textOf(args, 'method')?.toUpperCase() ?? null
  const path = `${url.pathname}${url.search}`
  const shown = path === '/' ? '' : path
  const host: SentencePart = { text: url.host, strong: true }
  if (method !== null && /^[A-Z]{1,10}$/.test(method) && method !== 'GET') {
    return [
      { text: 'send a ' },
      { text: method, strong: true },
      { text: ' request to ' },
      host,
      { text: shown.length > mostShown ? '' : shown },
    ]
  }
  if (!atMost(call.action, 'read')) return [{ text: 'send a request to ' }, host]
  const verb = hasAny(words, 'navigate open visit goto browse browser') ? 'open' : 'fetch'
  if (shown.length > mostShown) return [{ text: `${verb} a page of ` }, host]
  return [{ text: `${verb} ` }, host, { text: shown }]
}

function webAddress(value: unknown): URL | null {
  const url = typeof value === 'string' ? URL.parse(value) : null
  return url && /^https?:$/.test(url.protocol) ? url : null
}

function listed(words: readonly string[]): string {
  if (words.length > 4) return `${words.slice(0, 3).join(', ')} and ${words.length - 3} more`
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
