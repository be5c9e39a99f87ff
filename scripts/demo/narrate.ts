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
  /** How a step came out, its first word being the point. */
  verdict: (kind: 'good' | 'bad' | 'waits', word: string, rest: string) => void
}

const verdictStyles: Record<'good' | 'bad' | 'waits', Style> = { good: 'green', bad: 'red', waits: 'yellow' }

export type NarratorOptions = { write: (text: string) => void; colour: boolean; width: number }

/** Writes plain lines; colours them only where `colour` says so. `width`: columns of the terminal. */
export function createNarrator({ write, colour, width }: NarratorOptions): Narrator {
  const paint = (style: Style | Style[], text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text
  const line = (text = '') => write(`${text}\n`)
  let steps = 0
  return {
    title: (text) => line(paint('bold', text)),
    step(text) {
      steps += 1
      line()
      line(paint('bold', `${steps}. ${text}`))
    },
    say: (text) => line(`   ${text}`),
    command: (text) => line(`   ${paint('cyan', `$ ${text}`)}`),
    call(server, tool, args) {
      const values = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
      line(`   ${paint('magenta', `> ${server} › ${tool}`)}  ${values.join(', ')}`)
    },
    quote(text, { cut } = { cut: false }) {
      const room = cut ? width - '   │ …'.length : Number.POSITIVE_INFINITY
      for (const part of text.trimEnd().split('\n')) {
        const shown = part.length > room ? `${part.slice(0, room)}…` : part
        line(`   ${paint('dim', '│')} ${shown}`.trimEnd())
      }
    },
    verdict: (kind, word, rest) => line(`   ${paint(['bold', verdictStyles[kind]], word)} ${rest}`),
  }
}
