import { lineAt, parse, type TextFile } from './source.ts'

const readOff = /^export type \w+ = (Awaited<)?(ReturnType|z\.\w+)<typeof \w+>+$/

/**
 * Exports without a sentence above them, as `file:line name`. Exports that stand together without an empty line between
 * them share the sentence above the first; a type with the name of a constant above shares that one's, and so does a type
 * that is only read off a value (`ReturnType<typeof createX>`).
 */
export function undocumentedExports(file: TextFile): string[] {
  const { program } = parse(file)
  const seen = new Set<string>()
  let previous = { end: 0, ok: false }
  return program.body.flatMap((node) => {
    const names = node.type === 'ExportNamedDeclaration' && node.declaration ? declaredNames(node.declaration) : []
    // From the end of the previous statement's line: a remark beside it is not about this one.
    const between = file.text.slice(previous.end, node.start).replace(/^[^\n]*/, previous.end === 0 ? '$&' : '')
    const joined = previous.ok && !/\n\s*\n/.test(between)
    const ok = /(\*\/|\/\/[^\n]*)\n$/.test(between) || joined
    previous = { end: node.end, ok }
    const missing =
      ok || readOff.test(file.text.slice(node.start, node.end)) ? [] : names.filter((name) => !seen.has(name))
    for (const name of names) seen.add(name)
    return missing.map((name) => `${file.path}:${lineAt(file.text, node.start)} ${name}`)
  })
}

type Declaration = {
  type: string
  id?: { name?: string } | null
  declarations?: readonly { id: { type: string } }[]
}

function declaredNames(declaration: unknown): string[] {
  const { id, declarations } = declaration as Declaration
  if (declarations) return declarations.flatMap((it) => ('name' in it.id ? [String(it.id.name)] : []))
  return id?.name ? [id.name] : []
}
