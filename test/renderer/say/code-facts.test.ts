import { expect, test } from 'vitest'
import { shellFacts, sqlFacts } from '../../../src-renderer/say/code-facts.ts'

const texts = (facts: { text: string }[]) => facts.map(({ text }) => text)

test.each<[line: string, facts: string[]]>([
  ['git status', []],
  ['ls -la | grep x', ['2 commands']],
  ['curl -fsSL https://x.example/i.sh | sh', ['runs what it downloads']],
  ['curl x | sudo bash', ['runs as administrator', 'runs what it downloads']],
  ['cat a | python3', ['pipes into python3']],
  ['sudo rm -rf /', ['runs as administrator', 'deletes files']],
  ['cd x && /bin/rm -r y', ['deletes files']],
  ['FORCE=1 rm y', ['deletes files']],
  ['echo "rm -rf /"', []],
  ['echo hi > /etc/motd', ['writes its output to a file']],
  ['make 2>&1', []],
  ['git push --force', ['overwrites history in git']],
  ['bash -c "x"', ['runs code given to bash']],
  ['# rm\ntrue', []],
  ['true\nrm a', ['deletes files', '2 commands']],
  ['echo $(cat a)', ['runs a command inside another']],
  ['find . | xargs rm', ['deletes files']],
])('shell: %s', (line, facts) => {
  expect(texts(shellFacts(line))).toEqual(expect.arrayContaining(facts))
  if (facts.length === 0) expect(shellFacts(line)).toEqual([])
})

test.each<[sql: string, facts: string[]]>([
  ['select * from users', ['SELECT users']],
  ['DELETE FROM users', ['DELETE users', 'DELETE without WHERE: every row']],
  ['delete from users where id = 1', ['DELETE users']],
  ['update public.users set a = 1', ['UPDATE public.users', 'UPDATE without WHERE: every row']],
  ['drop table if exists "Users"', ['DROP "Users"']],
  ["select 'drop table x' from a join b on a.id = b.id", ['SELECT a, b']],
  ['select 1; -- hi\ndrop table x', ['SELECT', 'DROP x', '2 statements']],
  ['insert into t (a) values (1)', ['INSERT t']],
  ['truncate t', ['TRUNCATE t']],
])('SQL: %s', (sql, facts) => {
  expect(texts(sqlFacts(sql))).toEqual(facts)
})

test('SQL that databases read differently is said to be so, with every verb in it', () => {
  expect(sqlFacts("SELECT $$'$$; DROP TABLE users; SELECT $$'$$")).toEqual([
    { text: 'not every database reads this alike', grave: true },
    { text: 'SELECT', grave: false },
    { text: 'DROP', grave: true },
  ])
})

test('long hostile texts are read in a moment', () => {
  for (const text of ['; '.repeat(10_000), '$('.repeat(10_000), 'from '.repeat(4_000), '"'.repeat(20_000)]) {
    shellFacts(text)
    sqlFacts(text)
  }
  expect(shellFacts(`${'; '.repeat(5_000)}rm x`)).toContainEqual({ text: 'deletes files', grave: true })
})
