import { StringDecoder } from 'node:string_decoder'
import { CliError, exitCodes, usageError } from './cli-error.ts'

/** The keyboard and screen of whoever runs the command. Questions go to stderr, so stdout stays clean for programs. */
export type Terminal = {
  interactive: boolean
  /** Asks and shows what is typed. Throws when there is no keyboard, and CANCELLED on Ctrl-C or Ctrl-D. */
  ask: (question: string) => Promise<string>
  /** Asks and shows nothing of what is typed. */
  secret: (question: string) => Promise<string>
  /** Asks a question whose safe answer is no; true only for `y` or `yes`. */
  confirm: (question: string) => Promise<boolean>
}

/** The terminal of this process: typed text is read key by key from standard input, and only when that is a keyboard. */
export function processTerminal(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Terminal {
  /** Typed ahead: what came after the line end that answered the last question. */
  const typed = { rest: '' }

  const line = async (question: string, echo: boolean): Promise<string> => {
    // Before the question shows: a fast answer must not be echoed by the terminal itself.
    input.setRawMode(true)
    output.write(question)
    try {
      return await readLine(input, typed, echo ? output : null)
    } finally {
      output.write('\n')
    }
  }

  const ask = (question: string): Promise<string> => {
    if (input.isTTY) return line(question, true)
    throw usageError(
      'this asks a question, and there is no keyboard to answer it',
      'run it in a terminal, or pass `--yes`',
    )
  }

  return {
    interactive: input.isTTY === true,
    ask: async (question) => ask(question),
    confirm: async (question) => /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim()),
    secret: async (question) => {
      if (input.isTTY) return line(question, false)
      throw new CliError(
        'PRESENCE_NO_TERMINAL',
        'a PIN is only read from a terminal',
        'run the command in a terminal window, with its input from the keyboard',
      )
    },
  }
}

const cancelled = () => new CliError('CANCELLED', 'cancelled', 'nothing was changed', exitCodes.no)

/** Reads keys until Enter from a terminal in raw mode, and ends that mode; `echo` shows them, or nothing when null. */
function readLine(input: NodeJS.ReadStream, typed: { rest: string }, echo: NodeJS.WriteStream | null): Promise<string> {
  const decoder = new StringDecoder('utf8')
  const line: string[] = []
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      input.off('data', hear)
      input.off('end', ended)
      input.setRawMode(false)
      input.pause()
      settle()
    }
    const ended = () => finish(() => reject(cancelled()))
    const hear = (chunk: Buffer) => {
      const keys = typed.rest + decoder.write(chunk)
      typed.rest = ''
      const outcome = pressKeys(keys, line, (text) => echo?.write(text))
      if (outcome.kind === 'more') return
      typed.rest = outcome.rest
      finish(() => (outcome.kind === 'enter' ? resolve(line.join('')) : reject(cancelled())))
    }
    input.on('data', hear)
    input.on('end', ended)
    input.resume()
    if (typed.rest) hear(Buffer.alloc(0))
  })
}

type Outcome = { kind: 'more' } | { kind: 'enter' | 'cancel'; rest: string }

/** Cursor and function keys, which arrive as several characters (ECMA-48, 5.4); they do nothing here. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a key that sends control characters
const specialKey = /^\u001b(\[[0-?]*[ -/]*[@-~]|O.)/

/** Applies keys to the line being typed, until one ends it. */
function pressKeys(keys: string, line: string[], show: (text: string) => void): Outcome {
  for (let rest = keys; rest.length > 0; ) {
    const special = specialKey.exec(rest)
    const key = special?.[0] ?? String.fromCodePoint(rest.codePointAt(0) ?? 0)
    rest = rest.slice(key.length)
    if (key === '\r' || key === '\n') return { kind: 'enter', rest }
    if (key === '\u0003' || (key === '\u0004' && line.length === 0)) return { kind: 'cancel', rest: '' }
    if (key === '\u007f' || key === '\b') {
      if (line.pop() !== undefined) show('\b \b')
    } else if (key === '\u0015') {
      show('\b \b'.repeat(line.splice(0).length))
    } else if (!special && !/\p{Cc}/u.test(key)) {
      line.push(key)
      show(key)
    }
  }
  return { kind: 'more' }
}
