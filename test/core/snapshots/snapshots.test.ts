import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import { allFine, envelope, rules } from '../policy/call.ts'
import { allow, allowEverything, ask, deny, everything, history, instance, ruleIds, starter } from './harness.ts'

describe('the very first start', () => {
  test('writes the starter policy into a missing folder and puts it into force', () => {
    const it = instance()
    const snapshots = it.start()

    expect(it.read('starter.yaml')).toBe(starter)
    expect(snapshots.view()).toMatchObject({
      snapshot: snapshots.current()?.hash,
      since: new Date(it.clock.now()).toISOString(),
      rules: [
        { id: 'allow', effect: 'ALLOW', origin: 'local', file: 'starter.yaml', line: 3 },
        { id: 'ask', effect: 'REQUIRE_APPROVAL' },
      ],
      problems: [],
      waiting: null,
    })
    expect(history(it.db)).toEqual([
      { hash: snapshots.current()?.hash, author: 'toolgate', reviewer: null, reason: 'first policy' },
    ])
    expect(it.events.map(({ event }) => event)).toEqual(['policy.in_force'])
  })
  test('takes the files of a folder that has some', () => {
    const it = instance({ 'mine.yml': rules(deny) })
    expect(ruleIds(it.start())).toEqual(['deny'])
    expect(history(it.db)).toMatchObject([{ author: 'ada' }])
    expect(() => it.read('starter.yaml')).toThrow()
  })
  test('with broken files, nothing is in force and nothing is allowed', () => {
    const it = instance({ 'mine.yaml': 'version: v1\nrules: []\n' })
    const snapshots = it.start()
    expect(snapshots.current()).toBeNull()
    expect(snapshots.view()).toMatchObject({
      snapshot: null,
      since: null,
      rules: [],
      problems: [{ file: 'mine.yaml', line: 2 }],
    })
    expect(decide(envelope(), snapshots.current(), allFine).code).toBe('POLICY_MISSING')
  })
})

describe('a change that only tightens', () => {
  test('is in force as soon as it is read, and on record', () => {
    const it = instance({ 'a.yaml': rules(allow) })
    const snapshots = it.start()
    const before = snapshots.current()?.hash

    it.write('a.yaml', rules(allow, deny))
    snapshots.reload()

    expect(ruleIds(snapshots)).toEqual(['allow', 'deny'])
    expect(history(it.db)).toMatchObject([
      { hash: before },
      {
        hash: snapshots.current()?.hash,
        author: 'ada',
        reviewer: null,
        reason: 'tightens: rule `deny` is new: denies calls of shell on any server',
      },
    ])
    expect(it.views.at(-1)).toEqual(snapshots.view())
  })
  test('so is a change that decides every call as before', () => {
    const it = instance({ 'a.yaml': rules(allow) })
    const snapshots = it.start()
    it.write('a.yaml', `# said better\n${rules(allow)}`)
    snapshots.reload()
    expect(history(it.db).at(-1)).toMatchObject({
      hash: snapshots.current()?.hash,
      reason: 'decides every call as before',
    })
  })
})

describe('a change that loosens', () => {
  test('waits, and does not rule until a person confirms it', () => {
    const it = instance({ 'a.yaml': rules(ask, deny) })
    const snapshots = it.start()
    const before = snapshots.current()

    it.write('a.yaml', rules(ask, deny, allow))
    snapshots.reload()

    expect(snapshots.current()).toBe(before)
    const { waiting } = snapshots.view()
    expect(waiting?.changes).toEqual(['loosens: rule `allow` is new: allows read calls on any server'])
    expect(it.events.at(-1)).toMatchObject({ event: 'policy.waiting', detail: { hash: waiting?.hash } })

    const view = snapshots.confirm(waiting?.hash ?? '', 'grace')

    expect(view).toMatchObject({ snapshot: waiting?.hash, waiting: null })
    expect(ruleIds(snapshots)).toEqual(['ask', 'deny', 'allow'])
    expect(history(it.db).at(-1)).toMatchObject({ hash: waiting?.hash, author: 'ada', reviewer: 'grace' })
    expect(it.events.at(-1)).toMatchObject({ event: 'policy.in_force', detail: { reviewer: 'grace' } })
  })
  test('only the change that was shown can be confirmed', () => {
    const it = instance({ 'a.yaml': rules(deny) })
    const snapshots = it.start()
    expect(() => snapshots.confirm(snapshots.current()?.hash ?? '', 'grace')).toThrow('is waiting')

    it.write('a.yaml', rules(deny, allow))
    snapshots.reload()
    const shown = snapshots.view().waiting?.hash ?? ''
    it.write('a.yaml', rules(deny, allow, allowEverything))
    snapshots.reload()

    expect(() => snapshots.confirm(shown, 'grace')).toThrow('no policy change with this hash is waiting')
    expect(ruleIds(snapshots)).toEqual(['deny'])
  })
  test('what is confirmed is what was read, even when the file says something else by then', () => {
    const it = instance({ 'a.yaml': rules(deny) })
    const snapshots = it.start()
    it.write('a.yaml', rules(deny, allow))
    snapshots.reload()
    it.write('a.yaml', rules(allowEverything))

    snapshots.confirm(snapshots.view().waiting?.hash ?? '', 'grace')
    snapshots.reload()

    expect(ruleIds(snapshots)).toEqual(['deny', 'allow'])
    expect(snapshots.view().waiting?.changes).toContain(
      'loosens: rule `deny` is gone: denies calls of shell on any server',
    )
  })
  test('taken back, nothing waits any more', () => {
    const it = instance({ 'a.yaml': rules(deny) })
    const snapshots = it.start()
    it.write('a.yaml', rules(deny, allow))
    snapshots.reload()
    it.write('a.yaml', rules(deny))
    snapshots.reload()
    expect(snapshots.view().waiting).toBeNull()
    expect(it.views).toHaveLength(2)
  })
  test('an agent that writes a rule into the folder gains nothing by it', () => {
    const it = instance()
    const snapshots = it.start()
    const call = envelope({ action: 'destructive', tool: 'shell', risk: 90 })

    it.write('zz-agent.yaml', rules(allowEverything))
    it.clock.advance(10_000)
    it.start().close()

    expect(decide(call, snapshots.current(), allFine).effect).toBe('DENY')
    expect(decide(call, it.start().current(), allFine).effect).toBe('DENY')
    expect(history(it.db)).toHaveLength(1)
  })
  test('neither does one that deletes the rules', () => {
    const it = instance({ 'a.yaml': rules(deny), 'b.yaml': rules(allow) })
    const snapshots = it.start()
    rmSync(join(it.folder, 'a.yaml'))
    snapshots.reload()
    expect(ruleIds(snapshots)).toEqual(['deny', 'allow'])
    expect(snapshots.view().waiting).not.toBeNull()

    rmSync(it.folder, { recursive: true })
    snapshots.reload()
    expect(ruleIds(snapshots)).toEqual(['deny', 'allow'])
    expect(snapshots.view().problems).toMatchObject([{ message: 'the policy folder holds no rule file' }])
  })
})

describe('broken files', () => {
  test('change nothing and say why, once', () => {
    const it = instance({ 'a.yaml': rules(deny) })
    const snapshots = it.start()
    const before = snapshots.current()

    it.write('b.yaml', rules('id: b, when: clent.id == "x", decision: DENY'))
    snapshots.reload()
    snapshots.reload()

    expect(snapshots.current()).toBe(before)
    expect(snapshots.view().problems).toMatchObject([{ file: 'b.yaml', line: 3, column: 20 }])
    expect(it.events.slice(1)).toEqual([
      {
        event: 'policy.broken',
        detail: { problems: 1, first: 'b.yaml:3:20: `clent` is not a variable', in_force: before?.hash },
      },
    ])
    expect(it.views).toHaveLength(1)
  })
  test('do not keep what waited waiting', () => {
    const it = instance({ 'a.yaml': rules(deny) })
    const snapshots = it.start()
    it.write('a.yaml', rules(deny, allow))
    snapshots.reload()
    it.write('a.yaml', 'version: v1\n')
    snapshots.reload()
    expect(snapshots.view().waiting).toBeNull()
  })
})

describe('after a restart', () => {
  test('the policy in force is in force again, word for word', () => {
    const it = instance({ 'a.yaml': rules(allow, deny) })
    const first = it.start()
    first.close()
    it.write('a.yaml', 'this is no policy')

    const second = it.start()

    expect(second.view()).toMatchObject({ snapshot: first.view().snapshot, since: first.view().since })
    expect(ruleIds(second)).toEqual(['allow', 'deny'])
    expect(second.view().problems).toHaveLength(1)
    expect(history(it.db)).toHaveLength(1)
  })
  test('what tightened meanwhile is in force, what loosened waits', () => {
    const it = instance({ 'a.yaml': rules(allow) })
    it.start().close()
    it.write('a.yaml', rules(allow, deny))
    const second = it.start()
    expect(ruleIds(second)).toEqual(['allow', 'deny'])
    second.close()
    it.write('a.yaml', rules(allow))
    const third = it.start()
    expect(ruleIds(third)).toEqual(['allow', 'deny'])
    expect(third.view().waiting).not.toBeNull()
  })
  test('a confirmed change stays confirmed', () => {
    const it = instance({ 'a.yaml': rules(deny) })
    const first = it.start()
    it.write('a.yaml', rules(deny, allow))
    first.reload()
    first.confirm(first.view().waiting?.hash ?? '', 'grace')
    first.close()
    const second = it.start()
    expect(ruleIds(second)).toEqual(['deny', 'allow'])
    expect(second.view().waiting).toBeNull()
  })
  test('an emptied folder does not bring the starter policy back', () => {
    const it = instance({ 'a.yaml': rules(deny) })
    it.start().close()
    rmSync(join(it.folder, 'a.yaml'))
    expect(ruleIds(it.start())).toEqual(['deny'])
    expect(() => it.read('starter.yaml')).toThrow()
  })
  test.each(['not json', '[]', '[{"path":"a.yaml","origin":"local","text":"version: v1"}]'])(
    'when its record was made unreadable (%s), nothing rules until a person confirms',
    (files) => {
      const it = instance({ 'a.yaml': rules(deny) })
      it.start().close()
      it.db.prepare('UPDATE policy_snapshots SET files = ?').run(files)
      it.write('a.yaml', rules(allowEverything))

      const snapshots = it.start()

      expect(snapshots.current()).toBeNull()
      expect(snapshots.view().waiting?.changes[0]).toMatch(/^loosens: the policy that was in force before/)
      snapshots.confirm(snapshots.view().waiting?.hash ?? '', 'grace')
      expect(ruleIds(snapshots)).toEqual(['agent'])
    },
  )
})

describe('policy of the organisation', () => {
  test('comes from its own folder, stands beside the local one and is marked', () => {
    const it = instance({ 'a.yaml': rules(allow) })
    const snapshots = it.start()
    it.writeManaged('org.yaml', rules(`id: org-deny, ${everything}, decision: DENY`))
    snapshots.reload()

    expect(snapshots.view().rules).toMatchObject([
      { id: 'allow', origin: 'local', file: 'a.yaml' },
      { id: 'org-deny', origin: 'org', file: join(it.managed, 'org.yaml') },
    ])
    expect(decide(envelope(), snapshots.current(), allFine).reason).toBe('locked by your organisation: rule org-deny')
  })
  test('cannot be shed by a local rule of the same name, or by removing its folder', () => {
    const it = instance({ 'a.yaml': rules(allow) })
    it.writeManaged('org.yaml', rules(deny))
    const snapshots = it.start()
    const before = snapshots.current()

    it.write('a.yaml', rules(allow, deny.replace('DENY', 'ALLOW')))
    snapshots.reload()
    expect(snapshots.current()).toBe(before)
    expect(snapshots.view().problems[0]?.message).toContain('the id `deny` is already used')

    it.write('a.yaml', rules(allow))
    rmSync(it.managed, { recursive: true })
    snapshots.reload()
    expect(snapshots.current()).toBe(before)
    expect(snapshots.view().waiting).not.toBeNull()
  })
})

describe('when records cannot be written', () => {
  test('a tightening change is tried again until it is on record', () => {
    const it = instance({ 'a.yaml': rules(allow) })
    let unwritable = false
    const snapshots = it.start(() => {
      if (unwritable) throw new Error('disk full')
    })
    unwritable = true
    it.write('a.yaml', rules(allow, deny))
    snapshots.reload()
    expect(ruleIds(snapshots)).toEqual(['allow'])
    expect(snapshots.view().problems).toMatchObject([
      { message: 'the policy could not be put on record, so it is not in force' },
    ])

    unwritable = false
    it.clock.advance(2_000)

    expect(ruleIds(snapshots)).toEqual(['allow', 'deny'])
    expect(snapshots.view().problems).toEqual([])
  })
  test('a confirmed change does not take effect', () => {
    const it = instance({ 'a.yaml': rules(deny) })
    let unwritable = false
    const snapshots = it.start(() => {
      if (unwritable) throw new Error('disk full')
    })
    it.write('a.yaml', rules(deny, allow))
    snapshots.reload()
    unwritable = true
    expect(() => snapshots.confirm(snapshots.view().waiting?.hash ?? '', 'grace')).toThrow('disk full')
    expect(ruleIds(snapshots)).toEqual(['deny'])
    expect(history(it.db)).toHaveLength(1)
  })
})

test('files in subfolders, hidden files and other files are not policy', () => {
  const it = instance({ 'a.yaml': rules(deny), '.b.yaml.swp': 'x', '.c.yaml': 'x', 'README.md': 'x', 'd.yaml~': 'x' })
  mkdirSync(join(it.folder, 'more'))
  writeFileSync(join(it.folder, 'more', 'e.yaml'), rules(allow))
  expect(ruleIds(it.start())).toEqual(['deny'])
})
