import { type CodeToken, shellTokens, sqlTokens, verbsOfSql } from './code-tokens.ts'

/** Something about a command or a statement that a person should not have to find by themselves. `grave`: it stands out. */
export type CodeFact = { text: string; grave: boolean }

const fetchers = ['curl', 'wget', 'fetch', 'http', 'https', 'aria2c']
const interpreters = [
  'sh',
  'bash',
  'zsh',
  'dash',
  'fish',
  'ksh',
  'python',
  'python3',
  'node',
  'perl',
  'ruby',
  'php',
  'pwsh',
]
const wrappers = ['sudo', 'doas', 'env', 'exec', 'nohup', 'time', 'command', 'xargs']
/** Programs by what they do that cannot be taken back or reaches far. */
const deeds: readonly [programs: string, does: string][] = [
  ['rm rmdir unlink shred del rd', 'deletes files'],
  ['dd mkfs fdisk parted wipefs', 'writes to disks'],
  ['chmod chown chgrp setfacl icacls', 'changes who may use files'],
  ['kill pkill killall shutdown reboot halt systemctl service launchctl', 'ends or starts programs of the system'],
  ['ssh scp sftp rsync nc ncat netcat telnet ftp', 'connects to other machines'],
  ['curl wget', 'reaches the network'],
  ['crontab at schtasks', 'makes something run later'],
  ['eval source', 'runs what a text says'],
]

/**
 * What a line or script of shell does that matters, told from its words alone. It is no analysis: quoting and variables can
 * hide a program's name, so that nothing told never means nothing there.
 */
export function shellFacts(text: string): CodeFact[] {
  const commands = commandsOf(shellTokens(text))
  const facts: CodeFact[] = []
  const add = (said: string, grave = true) => {
    if (!facts.some((fact) => fact.text === said)) facts.push({ text: said, grave })
  }
  if (commands.some(({ words }) => words[0] === 'sudo' || words[0] === 'doas')) add('runs as administrator')
  for (const [at, { program, words, after }] of commands.entries()) {
    const before = commands[at - 1]
    const piped = after === '|' || after === '|&'
    if (piped && interpreters.includes(program)) {
      add(before && fetchers.includes(before.program) ? 'runs what it downloads' : `pipes into ${program}`)
    }
    for (const [programs, does] of deeds) if (programs.split(' ').includes(program)) add(does)
    if (program === 'git' && words.some((word) => /^(--force|-f|--hard|--mirror)$/.test(word)))
      add('overwrites history in git')
    if (interpreters.includes(program) && words.some((word) => /^-[a-z]*[ce]$/.test(word)))
      add(`runs code given to ${program}`)
  }
  const marks = shellTokens(text).filter(({ kind }) => kind === 'mark')
  if (marks.some((mark) => />(?!&)/.test(mark.text))) add('writes its output to a file')
  if (/\$\(|`|<\(/.test(text)) add('runs a command inside another', false)
  if (/&\s*$/m.test(text) && !/&&\s*$/m.test(text)) add('goes on in the background', false)
  if (commands.length > 1) add(`${commands.length} commands`, false)
  return facts
}

type Command = { program: string; words: string[]; after: string }

/** The commands of a script with their words, and by which mark each follows the one before. */
function commandsOf(tokens: readonly CodeToken[]): Command[] {
  const commands: Command[] = []
  let [words, after]: [string[], string] = [[], '']
  const end = (mark: string) => {
    if (words.length > 0) commands.push({ program: programOf(words), words, after })
    words = []
    after = mark
  }
  for (const { kind, text } of tokens) {
    if (kind === 'note') continue
    // `2>&1` sends output elsewhere, and ends no command.
    if (kind === 'mark' && /[|;&()`]/.test(text.replaceAll(/>&|&>/g, ''))) end(text)
    else if (kind !== 'mark') {
      for (const [at, line] of text.split('\n').entries()) {
        if (at > 0 && kind !== 'text') end('\n')
        words.push(...(kind === 'text' ? [line] : line.split(/\s+/).filter((word) => word !== '')))
      }
    }
  }
  end('')
  return commands
}

/** The program that a command starts: without its folder, and behind `sudo`, `env` and their like with what they are given. */
function programOf(words: readonly string[]): string {
  const first =
    words.find((word) => !wrappers.includes(word) && !word.startsWith('-') && !/^\w+=/.test(word)) ?? words[0] ?? ''
  return first.split(/[/\\]/).at(-1)?.replaceAll(/["']/g, '') ?? ''
}

const objects = /^(?:table|from|into|update|join|view|index|database|schema|truncate)$/i
const besides = /^(?:if|not|exists|only|table|lateral|select|values|into|as|on|set|or|replace|ignore|concurrently)$/i
const graveVerbs = /^(?:drop|truncate|delete|alter|grant|revoke|attach|copy|vacuum|exec|execute|call)$/i
const verbs =
  /^(?:select|insert|update|delete|merge|upsert|drop|truncate|alter|create|grant|revoke|call|exec|execute|attach|copy|vacuum|pragma|explain|show)$/i

/**
 * What SQL does, statement by statement, and the tables that it names; told from its words alone, since a page parses no SQL. An
 * `UPDATE` or `DELETE` that has no `WHERE` in its statement is named, for it means every row. Where databases read the text
 * differently, every verb in it is named alone.
 */
export function sqlFacts(text: string): CodeFact[] {
  const { verbs: all, alike } = verbsOfSql(text)
  if (!alike)
    return [{ text: differently, grave: true }, ...all.map((verb) => ({ text: verb, grave: graveVerbs.test(verb) }))]
  const facts: CodeFact[] = []
  const statements = statementsOf(sqlTokens(text))
  for (const words of statements.slice(0, mostStatements)) {
    const verb = words.find((word) => verbs.test(word))
    if (verb === undefined) continue
    const tables = [...new Set(tablesOf(words))]
    const on =
      tables.length === 0 ? '' : ` ${tables.slice(0, mostTables).join(', ')}${tables.length > mostTables ? ' …' : ''}`
    const said = `${verb.toUpperCase()}${on}`
    if (!facts.some((fact) => fact.text === said)) facts.push({ text: said, grave: graveVerbs.test(verb) })
    const every = /^(?:update|delete)$/i.test(verb) && !words.some((word) => /^where$/i.test(word))
    if (every) facts.push({ text: `${verb.toUpperCase()} without WHERE: every row`, grave: true })
  }
  if (statements.length > 1) facts.push({ text: `${statements.length} statements`, grave: false })
  return facts
}

/** What is said of SQL whose quotes and comments begin and end elsewhere in another database. */
const differently = 'not every database reads this alike'

const mostStatements = 6
const mostTables = 3

function statementsOf(tokens: readonly CodeToken[]): string[][] {
  const statements: string[][] = [[]]
  for (const { kind, text } of tokens) {
    if (kind === 'note' || kind === 'text') continue
    if (kind === 'mark' && text.includes(';')) statements.push([])
    else statements.at(-1)?.push(...text.split(/\s+/).filter((word) => word !== ''))
  }
  return statements.filter((words) => words.length > 0)
}

/** Names that stand where a table's does. What is read from a subquery has none. */
function tablesOf(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    if (!objects.test(word)) return []
    const next = words.slice(at + 1, at + 5).find((candidate) => !besides.test(candidate))
    return next !== undefined && /^[\p{L}_"`[]/u.test(next) && !verbs.test(next) ? [qualified(words, next, at)] : []
  })
}

/** A name with its schema: `public.users` may stand in three words. */
function qualified(words: readonly string[], name: string, from: number): string {
  const at = words.indexOf(name, from + 1)
  return words[at + 1] === '.' && words[at + 2] !== undefined ? `${name}.${words[at + 2]}` : name
}
