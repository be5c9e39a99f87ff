import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { cut } from '../../../../src-main/core/constraints/sql/cut.ts'
import { shapeOf } from '../../../../src-main/core/constraints/sql/shape.ts'

test('SQLite reads a parameter with a bracket as one piece, which we do not; so it is refused before it is parsed', () => {
  const sql = "SELECT @a(') AS one FROM orders UNION SELECT word FROM secrets --')"
  const database = new DatabaseSync(':memory:')
  database.exec("CREATE TABLE orders (id); CREATE TABLE secrets (word); INSERT INTO secrets VALUES ('hush')")
  expect(database.prepare(sql).all()).toContainEqual({ one: 'hush' })
  for (const mark of ['@', ':', '$']) {
    const text = sql.replace('@', mark)
    expect(() => shapeOf(cut(text, 'sqlite'), 'sqlite', false)).toThrow(`a bracket after the parameter \`${mark}a\``)
  }
  expect(() => shapeOf(cut('SELECT id FROM orders WHERE id IN (@a, :b, ?)', 'sqlite'), 'sqlite', false)).not.toThrow()
})
