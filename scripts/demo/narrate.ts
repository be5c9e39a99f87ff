import { styleText } from 'node:util'

type Style = Exclude<Parameters<typeof styleText>[0], readonly unknown[]>

/** Tells the demo to whoever reads the terminal. */
export type Narrator = {
  title: (text: string) => void
  /** Begins the next numbered step. */
  step: (text: string) => void
  say: (text: string) => void
  /** A command as a viewer would type it. */
  command: (text: string) => void
  /** A tool call as the client makes it. */
  call: (server: string, tool: string, args: Record<string, unknown>) => void
  /** What a program printed or a file holds, word for word; `cut` ends long lines where the terminal does. */
  quote: (text: string, options?: { cut: boolean }) => void
  /** How a call came out, its first word being the point. */
  verdict: (kind: keyof typeof verdictStyles, word: string, rest: string) => void
}

/** `width`: columns of the terminal. */
export type NarratorOptions = { write: (text: string) => void; colour: boolean; width: number }

const verdictStyles = { good: 'green', bad: 'red', waits: 'yellow' } as const
const margin = '   '

/** Writes plain lines, a free one wherever something new begins; colours them only when told to. */
export function createNarrator({ write, colour, width }: NarratorOptions): Narrator {
  const paint = (style: Style | Style[], text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text
  let steps = 0
  let quoted = false
  const line = (text: string) => {
    if (quoted) write('\n')
    quoted = false
    write(`${margin}${text}\n`)
  }
  const heading = (text: string) => {
    write(`${paint('bold', text)}\n`)
    quoted = false
  }

  return {
    title: heading,
    step(text) {
      steps += 1
      write('\n')
      heading(`${steps}. ${text}`)
    },
    say: line,
    command: (text) => line(paint('cyan', `$ ${text}`)),
    call(server, tool, args) {
      const values = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
      line(`${paint('magenta', `> ${server} › ${tool}`)}  ${values.join(', ')}`)
    },
    quote(text, { cut } = { cut: false }) {
      const room = cut ? width - `${margin}│ …`.length : Number.POSITIVE_INFINITY
      for (const part of text.trimEnd().split('\n')) {
        const shown = part.length > room ? `${part.slice(0, room)}…` : part
        write(`${margin}${paint('dim', '│')} ${shown}`.trimEnd())
        write('\n')
      }
      quoted = true
    },
    verdict(kind, word, rest) {
      write(`${margin}${paint(['bold', verdictStyles[kind]], word)} ${rest}\n`)
      quoted = true
    },
  }
}
