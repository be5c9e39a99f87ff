import { isObject } from '../../../../shared/is-object.ts'
/** A node of a parse tree, or its body. */
export type Node = Record<string, unknown>

/** A value as a node; one without fields when it is none. */
export function nodeOf(value: unknown): Node {
  return isObject(value) ? value : {}
}

/** A value as a list; an empty one when it is none. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The parts of a name that is a list of strings. */
export function partsOf(list: unknown): string[] {
  return listOf(list).map((part) => String(nodeOf(nodeOf(part).String).sval ?? ''))
}

/** The tables that a `FROM` names itself, not those of the queries in it. */
export function namesOf(from: readonly unknown[]): string[][] {
  return from.flatMap((item) => {
    const { RangeVar, JoinExpr, RangeTableSample } = nodeOf(item)
    if (RangeVar !== undefined) {
      const { catalogname, schemaname, relname } = nodeOf(RangeVar)
      return [[catalogname, schemaname, relname].filter((part) => typeof part === 'string')]
    }
    if (RangeTableSample !== undefined) return namesOf([nodeOf(RangeTableSample).relation])
    if (JoinExpr !== undefined) return namesOf([nodeOf(JoinExpr).larg, nodeOf(JoinExpr).rarg])
    return []
  })
}

/**
 * Whether a condition says which rows: in each of its alternatives a column is compared with something else. It is no proof that
 * few rows remain: it is against conditions that were forgotten, or that mean nothing.
 */
export function saysWhich(condition: unknown): boolean {
  const { BoolExpr, A_Expr } = nodeOf(condition)
  if (BoolExpr !== undefined) {
    const { boolop, args } = nodeOf(BoolExpr)
    return boolop === 'OR_EXPR' ? listOf(args).every(saysWhich) : listOf(args).some(saysWhich)
  }
  if (A_Expr !== undefined) {
    const { lexpr, rexpr } = nodeOf(A_Expr)
    if (lexpr !== undefined && withoutPlaces(lexpr) === withoutPlaces(rexpr)) return false
  }
  return namesColumn(condition)
}

function withoutPlaces(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) => (key === 'location' ? undefined : value))
}

function namesColumn(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(namesColumn)
  return Object.entries(nodeOf(value)).some(([key, part]) => {
    if (key === 'ColumnRef') return true
    // What a query in brackets compares is its own.
    if (key === 'SubLink') return namesColumn(nodeOf(part).testexpr)
    return typeof part === 'object' && namesColumn(part)
  })
}
