import { type ESTree, type ParseResult, Visitor } from 'rolldown/utils'
import { lineAt, parse, type TextFile } from './source.ts'

/** A function and the lines that are its own: those of functions inside it count there, not here. */
export type FunctionSize = { name: string; line: number; lines: number }

type FunctionNode = ESTree.Function | ESTree.ArrowFunctionExpression

/** Every function of a file with its own lines. */
export function functionSizes(file: TextFile): FunctionSize[] {
  const { program } = parse(file)
  const open: { size: FunctionSize; inside: number }[] = []
  const done: FunctionSize[] = []
  const enter = (node: FunctionNode) => {
    const first = lineAt(file.text, node.start)
    const lines = lineAt(file.text, node.end) - first + 1
    open.push({ size: { name: nameOf(node), line: first, lines }, inside: 0 })
  }
  const leave = () => {
    const closed = open.pop()
    if (!closed) return
    const parent = open.at(-1)
    // A function on one line shares that line with the function around it.
    if (parent && closed.size.lines > 1) parent.inside += closed.size.lines
    done.push({ ...closed.size, lines: closed.size.lines - closed.inside })
  }
  visitFunctions(program, enter, leave)
  return done
}

function visitFunctions(program: ParseResult['program'], enter: (node: FunctionNode) => void, leave: () => void): void {
  new Visitor({
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
  }).visit(program)
}

function nameOf(node: FunctionNode): string {
  return ('id' in node && node.id?.name) || 'anonymous function'
}

/** Lines of a file; the line break at its end begins none. */
export function lineCount(text: string): number {
  return text.replace(/\n$/, '').split('\n').length
}
