import type { ConditionComplaint } from './condition.ts'
import { functions, methods, variableNames } from './condition-language.ts'
import { quote, quoteList } from './quote.ts'
import { nearest } from './suggest.ts'

/** What the expression library says about a condition, in our words: it knows codes and ranges, people need the next step. */
export function complaintOf(error: unknown, source: string): ConditionComplaint {
  const { code, summary, range } = error as { code?: string; summary?: string; range?: { start: number; end: number } }
  const start = Math.min(range?.start ?? 0, source.length)
  const part = source.slice(start, range?.end ?? start)
  switch (code) {
    case 'unknown_variable':
      return { start, ...unknownVariable(part) }
    case 'no_matching_overload':
      return { start, ...wrongArguments(summary ?? '') }
    case 'no_such_overload':
      return {
        start,
        message: `${quote((summary ?? '').replace(/^no such overload: /i, ''))} is not possible`,
        expected: 'both sides of the same kind',
        suggestion: 'put text in quotes and write numbers without; `int(…)` makes a whole number of an argument',
      }
    default:
      return { start, ...unreadable(code ?? '', summary ?? '') }
  }
}

function unknownVariable(name: string) {
  const meant = nearest(name, variableNames)
  return {
    message: `${quote(name)} is not a variable`,
    expected: quoteList(variableNames),
    suggestion: meant ? `did you mean ${quote(meant)}?` : `if it is text, put it in quotes: ${quote(`"${name}"`)}`,
  }
}

function wrongArguments(summary: string) {
  const call = /'(.*)'/.exec(summary)?.[1] ?? ''
  const name = /([A-Za-z_]+)\(/.exec(call)?.[1] ?? ''
  const expected = methods[name] ?? functions[name] ?? 'a function with the arguments that it takes'
  return { message: `${quote(call)} is not possible`, expected: quote(expected), suggestion: 'check the arguments' }
}

function unreadable(code: string, summary: string) {
  const tooLarge = /limit|max|exceed/i.test(code) || /exceed/i.test(summary)
  if (tooLarge) {
    return {
      message: `the condition is too large: ${quote(lowerFirst(summary))}`,
      expected: 'at most 500 parts, 30 levels and 200 items in a list',
      suggestion: 'split it into several rules',
    }
  }
  const single = summary === 'Unexpected character: ='
  return {
    message: `the condition cannot be read: ${quote(lowerFirst(summary).replace('EOF', 'end of the condition'))}`,
    expected: 'one CEL expression',
    suggestion: single ? 'compare with `==`' : 'check quotes, brackets and operators, see docs/policy.md',
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
