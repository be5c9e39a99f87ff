/** How SQL begins. */
const words =
  /^(?:select|with|insert|update|delete|create|drop|alter|merge|replace|values|explain|pragma|exec|execute|call|truncate|grant|revoke|begin|declare|copy|attach|vacuum|do|set|load)\b/i

/**
 * How else it begins in one database or another. Other texts begin so as well, so these count only with something behind them, and only
 * where a server is known to speak SQL and the text is not the value of a parameter.
 */
const moreWords =
  /^(?:table|rename|handler|if|while|use|lock|unlock|reindex|refresh|analyze|analyse|optimize|repair|detach|prepare|deallocate|start|savepoint|release|rollback|commit|comment|security|reassign|import|install|uninstall|flush|kill|purge|reset|discard|cluster|notify|listen|deny|backup|restore|dbcc|bulk|waitfor|raiserror|print|throw|signal|disable|enable|binlog|change|xa)(?=[\s([{"`'@#;/-])\s*\S/i

const between = /[\s\p{Cc}\p{Cf}(;{]*/uy
const lineEnd = /[\n\r]/g

/** Whether a text begins like SQL behind comments and brackets; `more`: also like what other texts begin like as well. */
export function beginsLikeSql(text: string, more: boolean): boolean {
  // Databases disagree on whether a comment may hold another one.
  return [true, false].some((nested) => {
    const at = skipped(text, nested)
    if (at === null) return false
    const begin = text.slice(at, at + 200)
    return words.test(begin) || (more && (moreWords.test(begin) || /^\/\*M?!/.test(begin)))
  })
}

/** Where a text begins behind what says nothing; null: nowhere. A comment that MySQL executes says something. */
function skipped(text: string, nested: boolean): number | null {
  let at = 0
  for (;;) {
    between.lastIndex = at
    between.test(text)
    at = between.lastIndex
    if (text.startsWith('/*', at) && !/^M?!/.test(text.slice(at + 2, at + 4))) {
      const end = commentEnd(text, at, nested)
      if (end === null) return null
      at = end
    } else if (text.startsWith('--', at) || text.startsWith('#', at)) {
      lineEnd.lastIndex = at
      if (!lineEnd.test(text)) return null
      at = lineEnd.lastIndex
    } else return at
  }
}

function commentEnd(text: string, start: number, nested: boolean): number | null {
  if (!nested) {
    const end = text.indexOf('*/', start + 2)
    return end === -1 ? null : end + 2
  }
  let depth = 0
  const mark = /\/\*|\*\//g
  mark.lastIndex = start
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.lastIndex
  }
  return null
}
