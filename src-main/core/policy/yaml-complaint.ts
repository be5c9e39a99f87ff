import type { Complaint } from './problem.ts'
import { quote } from './quote.ts'

const expectedByDefault = 'valid YAML 1.2'

/** Our words for what the YAML parser says; codes are those of the `yaml` package (docs: "Errors"). */
const words: Record<string, Complaint> = {
  TAB_AS_INDENT: {
    message: 'a tab is used for indentation',
    expected: 'spaces for indentation',
    suggestion: 'replace the tab with two spaces',
  },
  DUPLICATE_KEY: {
    message: 'this key is given twice in the same map',
    expected: 'each key at most once',
    suggestion: 'remove one of the two, or make a second rule',
  },
  BAD_INDENT: {
    message: 'the indentation does not fit the lines around it',
    expected: 'entries of one map or list at the same column',
    suggestion: 'align this line with its neighbours, and close every bracket',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a map or list starts where only a value fits',
    expected: 'one `key: value` in a line',
    suggestion: 'put text that contains `: ` in quotes, or indent the lines below their key',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'a key runs over more than one line',
    expected: 'one `key: value` in a line',
    suggestion: 'check the indentation of this line and of the one before',
  },
  MISSING_CHAR: {
    message: 'a `:`, a quote or a bracket is missing',
    expected: '`key: value`, with every quote and bracket closed',
    suggestion: 'add the missing character',
  },
  MULTIPLE_DOCS: {
    message: 'the file holds more than one YAML document',
    expected: 'one document in a file',
    suggestion: 'move what follows `---` into a file of its own',
  },
  BAD_ALIAS: {
    message: 'an alias or anchor has no name',
    expected: 'text, a number, a list or a map',
    suggestion: 'put text that starts with `*` or `&` in quotes, for example `"*"`',
  },
  BAD_SCALAR_START: {
    message: 'text cannot start with this character',
    expected: 'text that starts with another character, or text in quotes',
    suggestion: 'put the text in quotes',
  },
  BAD_DQ_ESCAPE: {
    message: 'text in double quotes has an escape that YAML does not know',
    expected: 'an escape such as `\\n`, `\\"` or `\\\\`',
    suggestion: 'write `\\\\` for a backslash, or use single quotes',
  },
  TAG_RESOLVE_FAILED: {
    message: 'a tag is used, which a policy file may not have',
    expected: 'plain YAML 1.2: maps, lists, text and numbers',
    suggestion: 'remove the tag, or put text that starts with `!` in quotes',
  },
  BAD_DIRECTIVE: {
    message: 'a `%` directive is used, which a policy file may not have',
    expected: 'plain YAML 1.2: maps, lists, text and numbers',
    suggestion: 'remove the line',
  },
  RESOURCE_EXHAUSTION: {
    message: 'the file is nested too deeply',
    expected: 'the few levels that a rule file needs',
    suggestion: 'compare the file with the example in docs/policy.md',
  },
}

/** What to tell a person about one error of the YAML parser. */
export function yamlComplaint(code: string, parserMessage: string): Complaint {
  // The parser calls a line that is indented too little "an item without `-`".
  if (parserMessage.startsWith('Sequence item without')) return yamlComplaint('BAD_INDENT', '')
  return (
    words[code] ?? {
      message: `this is not valid YAML: ${quote(parserMessage.charAt(0).toLowerCase() + parserMessage.slice(1))}`,
      expected: expectedByDefault,
      suggestion: 'compare the line with the example in docs/policy.md',
    }
  )
}
