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

/** How long keys are ignored before a question that allows something shows: none of them can have been meant for it. */
const settleMs = 500

/** The terminal of this process: typed text is read key by key from standard input, and only when that is a keyboard. */
export function processTerminal(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Terminal {
  const line = async (question: string, echo: boolean, ignoreMs: number): Promise<string> => {
    // Before the question shows: a fast answer must not be echoed by the terminal itself.
    input.setRawMode(true)
    try {
      if (ignoreMs > 0) await ignoreKeys(input, ignoreMs)
      output.write(question)
      return await readLine(input, echo ? output : null)
    } finally {
      input.setRawMode(false)
      output.write('\n')
    }
  }

  const ask = async (question: string): Promise<string> => {
    if (input.isTTY) return line(question, true, settleMs)
    throw usageError(
      'this asks a question, and there is no keyboard to answer it',
      'run it in a terminal, or pass `--yes`',
    )
  }

  return {
    interactive: input.isTTY === true,
    ask,
    confirm: async (question) => /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim()),
    secret: async (question) => {
      if (input.isTTY) return line(question, false, 0)
      throw new CliError(
        'PRESENCE_NO_TERMINAL',
        'a PIN is only read from a terminal',
        'run the command in a terminal window, with its input from the keyboard',
      )
    },
  }
}

const cancelled = () => new CliError('CANCELLED', 'cancelled', 'nothing was changed', exitCodes.no)

/** Lets keys pass unheard for a while; Ctrl-C still counts. */
function ignoreKeys(input: NodeJS.ReadStream, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      input.off('data', hear).pause()
      settle()
    }
    const hear = (chunk: Buffer) => chunk.includes(3) && finish(() => reject(cancelled()))
    const timer = setTimeout(() => finish(resolve), ms)
    input.on('data', hear).resume()
  })
}

/** Reads keys until Enter from a terminal in raw mode; `echo` shows them, or nothing when null. What follows is dropped. */
function readLine(input: NodeJS.ReadStream, echo: NodeJS.WriteStream | null): Promise<string> {
  const decoder = new StringDecoder('utf8')
  const line: string[] = []
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      input.off('data', hear).off('end', ended).pause()
      settle()
    }
    const ended = () => finish(() => reject(cancelled()))
    const hear = (chunk: Buffer) => {
      const outcome = pressKeys(decoder.write(chunk), line, (text) => echo?.write(text))
      if (outcome === 'enter') finish(() => resolve(line.join('')))
      if (outcome === 'cancel') ended()
    }
    input.on('data', hear).on('end', ended).resume()
  })
}

/** Cursor and function keys, which arrive as several characters (ECMA-48, 5.4); they do nothing here. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a key that sends control characters
const specialKey = /^\u001b(\[[0-?]*[ -/]*[@-~]|O.)/

/** Applies keys to the line being typed, until one ends it. */
function pressKeys(keys: string, line: string[], show: (text: string) => void): 'more' | 'enter' | 'cancel' {
  for (let rest = keys; rest.length > 0; ) {
    const special = specialKey.exec(rest)
    const key = special?.[0] ?? String.fromCodePoint(rest.codePointAt(0) ?? 0)
    rest = rest.slice(key.length)
    if (key === '\r' || key === '\n') return 'enter'
    if (key === '\u0003' || (key === '\u0004' && line.length === 0)) return 'cancel'
    if (key === '\u007f' || key === '\b') {
      if (line.pop() !== undefined) show('\b \b')
    } else if (key === '\u0015') {
      show('\b \b'.repeat(line.splice(0).length))
    } else if (!special && !/\p{Cc}/u.test(key)) {
      line.push(key)
      show(key)
    }
  }
  return 'more'
}
