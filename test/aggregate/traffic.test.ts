import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CallEntry, StoredEntry } from '../../shared/audit.ts'
import { person, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { modernMeta } from '../fakes/http-client.ts'
import { addMixed, askingPolicy, clientOfAll, listAll } from '../fakes/mixed.ts'
import type { RawClient } from '../fakes/raw-client.ts'
import { answering } from '../fakes/traffic.ts'

let gateway: TestGateway
let client: RawClient

beforeEach(async () => {
  gateway = await startGateway({ policy: askingPolicy })
})
afterEach(() => gateway.close())

/** Sends bytes and gives the answer to the id, also as bytes. */
async function exchange(line: string, id: string): Promise<string> {
  client.write(line)
  const answer = await client.line((candidate) => {
    const { id: answered, method } = JSON.parse(candidate.toString())
    return method === undefined && JSON.stringify(answered) === id
  })
  return answer.toString()
}

const logOf = (name: string) => readFileSync(join(gateway.folder, `${name}.log`), 'utf8').split('\n')
const mixed = (name: string, offers: object) =>
  addMixed(gateway, name, offers, { MIXED_LOG: join(gateway.folder, `${name}.log`) })

test('a call differs from the one that its server gets by its name alone, and its answer not at all', async () => {
  const log = join(gateway.folder, 'odd.log')
  await gateway.addServer('odd', 'odd-server', { ODD_LOG: log })
  await addMixed(gateway, 'other', { tools: ['read'] })
  client = await clientOfAll(gateway)
  const answer =
    ' {"result":{"content":[{"type":"hologram"}],"later":{},"n":1.50,"big":123456789012345678901234567890},"id":9007199254740993,"jsonrpc":"2.0","x":[]}'
  const call = (name: string) =>
    `{ "x":[1.0], "id" : 9007199254740993,"jsonrpc":"2.0","method":"tools/call","params":{"later":1e2, "name" :"${name}" ,"arguments":{"n":9007199254740993,"answer":"${Buffer.from(answer).toString('base64')}"},"_meta":{"vendor/x":null}} } `
  client.write(call('odd__read_odd'))
  await client.line((line) => line.toString() === answer)
  expect(readFileSync(log, 'utf8').split('\n')).toContain(call('read_odd'))
})

test('what the record says of a call is what it says of the same call at its own server', async () => {
  await gateway.addServer('notes', 'notes-server')
  await addMixed(gateway, 'other', { tools: ['read'] })
  const direct = gateway.connect('notes')
  await direct.initialize()
  client = await clientOfAll(gateway)
  const ask = async (who: RawClient, prefix: string) => {
    const asked = who.call(`${prefix}write_note`, { text: 'w' })
    const view = await gateway.pending('write_note')
    await gateway.answer(view, 'approve')
    return [
      await who.call(`${prefix}read_note`, { text: 'r' }),
      await asked,
      await who.call(`${prefix}delete_note`),
      await who.call(`${prefix}leak_read`),
      await who.call(`${prefix}nothing`),
    ].map(({ outcome, text }) => [outcome, text.replace(/[a-z]+_[0-9a-z]{10,}/g, 'ID')])
  }
  // What has never run before is riskier.
  await ask(direct, '')
  const begin = gateway.entries().length
  const first = await ask(direct, '')
  const split = gateway.entries().length
  const second = await ask(client, 'notes__')
  expect(second).toEqual(first)
  expect(first.map(([outcome]) => outcome)).toEqual(['ok', 'ok', 'POLICY_DENIED', 'ok', 'TOOL_UNKNOWN'])
  const entries = gateway.entries()
  const told = (some: StoredEntry[]) =>
    some
      .filter((entry): entry is StoredEntry & CallEntry => entry.kind === 'call')
      .map((entry) => Object.entries(entry).filter(([key]) => !own.has(key) && !key.endsWith('_ms')))
  // What is of one call alone: its place in the record, its time and its ids, salted commitments included.
  const own = new Set([
    'seq',
    'prev_hash',
    'hash',
    'timestamp',
    'call_id',
    'session_id',
    'correlation_id',
    'approval_id',
    'shown_hash',
    'arguments_hash',
    'response_hash',
    'client_pid',
    'timings',
  ])
  expect(told(entries.slice(split))).toEqual(told(entries.slice(begin, split)))
  expect(told(entries.slice(begin)).length).toBeGreaterThan(20)
  // The words of a call are the same too, so that an approval means the same.
  expect(gateway.states('read_note')).toHaveLength(9)
})

test('two servers ask the client under the same id, and each gets its own answer', async () => {
  await addMixed(gateway, 'one', { tools: ['ask'] })
  await addMixed(gateway, 'two', { tools: ['ask'] })
  client = await clientOfAll(gateway)
  const calls = [client.call('one__ask', { text: 'from one' }), client.call('two__ask', { text: 'from two' })]
  const asked = async (text: string) => {
    const line = await client.line(
      (candidate) => candidate.includes('sampling/createMessage') && candidate.includes(text),
    )
    return JSON.parse(line.toString()).id as number
  }
  const [one, two] = [await asked('from one'), await asked('from two')]
  expect(one).not.toBe(two)
  const say = (id: number, text: string) =>
    client.write(
      JSON.stringify({
        jsonrpc: '2.0',
        id,
        result: { role: 'assistant', model: 'm', content: { type: 'text', text } },
      }),
    )
  say(two, 'to two')
  say(one, 'to one')
  // Nobody asked this.
  say(77, 'to nobody')
  const [first, second] = await Promise.all(calls)
  expect(first?.text).toContain('to one')
  expect(second?.text).toContain('to two')
})

test('a server that ends takes its questions back', async () => {
  await addMixed(gateway, 'one', { tools: ['ask', 'end'] })
  await addMixed(gateway, 'two', { tools: ['ask'] })
  client = await clientOfAll(gateway)
  const held = client.call('one__ask')
  const line = await client.line((candidate) => candidate.includes('sampling/createMessage'))
  await client.call('one__end')
  const { id } = JSON.parse(line.toString())
  await client.line(
    (candidate) => candidate.includes('notifications/cancelled') && candidate.includes(`"requestId":${id},`),
  )
  expect((await held).outcome).toBe('SERVER_EXITED')
})

test('progress reaches the client of the request that asked for it, and no server can speak of another server’s', async () => {
  await mixed('one', { tools: ['step'] })
  await mixed('two', { tools: ['step', 'hold'] })
  client = await clientOfAll(gateway)
  const call = (id: number, name: string, token: string, args = '{}') =>
    `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${name}","arguments":${args},"_meta":{"progressToken":${token}}}}`
  client.write(call(1, 'two__hold', '"mine"'))
  await exchange(call(2, 'one__step', '7'), '2')
  await exchange(call(3, 'one__step', '8', '{"token":"mine"}'), '3')
  const told = client.lines.map(String).filter((line) => line.includes('notifications/progress'))
  expect(told).toEqual([
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":7,"progress":1,"total":2}}',
  ])
})

test('a cancelled call ends at its server alone, and gets no answer', async () => {
  await mixed('one', { tools: ['hold', 'read'] })
  await mixed('two', { tools: ['hold', 'read'] })
  client = await clientOfAll(gateway)
  client.write('{"jsonrpc":"2.0","id":"c","method":"tools/call","params":{"name":"one__hold","arguments":{}}}')
  await expect.poll(() => logOf('one').some((line) => line.includes('"hold"'))).toBe(true)
  client.notify('notifications/cancelled', { requestId: 'c', reason: 'enough' })
  await expect.poll(() => logOf('one').some((line) => line.includes('enough'))).toBe(true)
  expect((await client.call('one__read')).outcome).toBe('ok')
  expect((await client.call('two__read')).outcome).toBe('ok')
  expect(logOf('two').some((line) => line.includes('enough'))).toBe(false)
  expect(client.lines.filter((line) => line.includes('"id":"c"'))).toEqual([])
  expect(gateway.states('hold').at(-1)).toMatch(/^closed cancelled/)
})

test('the log level is set for all servers, also one that starts later, and log messages say whose they are', async () => {
  await addMixed(gateway, 'one', { tools: ['log', 'end'] })
  await addMixed(gateway, 'two', { tools: ['log'] })
  client = await clientOfAll(gateway)
  expect((await client.request('logging/setLevel', { level: 'debug' })).result).toEqual({})
  expect((await client.call('two__log', { logger: 'db' })).text).toContain('at level debug')
  await client.line((line) => line.includes('"logger":"two/db"'))
  await client.call('one__end')
  expect((await client.call('one__log')).text).toContain('at level debug')
  await client.line((line) => line.includes('"logger":"one"'))
  expect((await client.request('ping')).result).toEqual({})
})

test('resources are read where they were listed; what two servers list has the longer form for both', async () => {
  await addMixed(gateway, 'one', {
    tools: ['link', 'read'],
    resources: ['data://same', 'data://one'],
    templates: ['one://{+path}'],
  })
  await addMixed(gateway, 'two', {
    tools: ['link'],
    resources: ['data://same', 'data://two'],
    templates: ['two://{id}/x'],
  })
  await addMixed(gateway, 'three', { tools: ['read'] })
  client = await clientOfAll(gateway)
  const read = async (uri: string) => {
    const { result, error } = (await client.request('resources/read', { uri })) as unknown as {
      result?: { contents: { uri: string; text: string }[] }
      error?: { code: number }
    }
    return error ? error.code : result?.contents.map(({ uri: of, text }) => [of, text.replace(/ by .*/, '')])
  }
  // Before anything is listed: whoever lists it is found.
  expect(await read('data://two')).toEqual([['data://two', 'content of data://two']])
  const uris = (await listAll(client, 'resources/list', 'resources')).items.map(({ uri }) => uri)
  expect(uris).toEqual(['toolgate://one/data://same', 'data://one', 'toolgate://two/data://same', 'data://two'])
  expect(await read('toolgate://two/data://same')).toEqual([['toolgate://two/data://same', 'content of data://same']])
  expect(await read('data://one')).toEqual([['data://one', 'content of data://one']])
  const templates = (await listAll(client, 'resources/templates/list', 'resourceTemplates')).items
  expect(templates.map(({ uriTemplate }) => uriTemplate)).toEqual(['one://{+path}', 'two://{id}/x'])
  expect(await read('two://7/x')).toEqual([['two://7/x', 'content of two://7/x']])
  expect(await read('two://7/y')).toBe(-32002)
  expect(await read('three://')).toBe(-32002)
  const { result } = (await client.request('tools/call', { name: 'two__link', arguments: {} })) as {
    result: { content: object[] }
  }
  expect(result.content[1]).toEqual({ type: 'resource_link', uri: 'toolgate://two/data://same', name: 'linked' })
})

test('what a server names that is another server’s is not asked of it', async () => {
  await addMixed(gateway, 'evil', { tools: ['read'], resources: ['data://mine'] })
  await addMixed(gateway, 'other', { tools: ['read'], resources: ['data://mine'] })
  client = await clientOfAll(gateway)
  await listAll(client, 'resources/list', 'resources')
  const { error, result } = await client.request('resources/read', { uri: 'data://mine' })
  expect(result).toBeUndefined()
  expect(error?.message).toContain('`toolgate://evil/data://mine` or `toolgate://other/data://mine`')
})

test('a task that two servers name is asked of neither', async () => {
  for (const name of ['evil', 'other']) await gateway.addServer(name, 'odd-server')
  client = await clientOfAll(gateway)
  const task = { taskId: '7', status: 'working', ttl: 1, createdAt: '2026-01-01T00:00:00Z' }
  const made = { arguments: answering({ task }), task: { ttl: 1 } }
  await client.request('tools/call', { name: 'other__read_odd', ...made })
  expect((await client.request('tasks/get', { taskId: '7', ...answering({ mine: true }) })).result).toEqual({
    mine: true,
  })
  await client.request('tools/call', { name: 'evil__read_odd', ...made })
  expect((await client.request('tasks/get', { taskId: '7', ...answering({}) })).error?.code).toBe(-32602)
})

test('a question that a server dresses as news of a subscription has an id of ours like any other', async () => {
  await gateway.addServer('script', 'scripted-server')
  client = gateway.connect('', ['--all'])
  const params = { notifications: { toolsListChanged: true }, _meta: modernMeta }
  await client.request('tools/list', { _meta: modernMeta })
  client.write(JSON.stringify({ jsonrpc: '2.0', id: 'l', method: 'subscriptions/listen', params }))
  await client.line((line) => line.includes('subscriptions/acknowledged'))
  const ask =
    '{"jsonrpc":"2.0","id":"theirs","method":"ping","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":$LISTENER}}}'
  const args = { first: [Buffer.from(ask).toString('base64')] }
  await client.request('tools/call', { name: 'script__read_script', arguments: args, _meta: modernMeta })
  const asked = client.lines.filter((line) => line.includes('"ping"')).map((line) => JSON.parse(line.toString()).id)
  expect(asked).toEqual([1])
})

test('a change of a resource is told under the address that its client subscribed to', async () => {
  await addMixed(gateway, 'one', { tools: ['read'], resources: ['data://same'] })
  await addMixed(gateway, 'two', { tools: ['read'], resources: ['data://same', 'data://two'] })
  client = await clientOfAll(gateway)
  expect((await client.request('resources/subscribe', { uri: 'toolgate://two/data://same' })).result).toEqual({})
  expect((await client.request('resources/subscribe', { uri: 'data://two' })).result).toEqual({})
  await client.call('two__read', { change: true })
  await client.line((line) => line.includes('resources/updated') && line.includes('"uri":"toolgate://two/data://same"'))
  await client.line((line) => line.includes('resources/updated') && line.includes('"uri":"data://two"'))
})

test('prompts and completions go to their servers under their own names', async () => {
  const long = `p${'o'.repeat(60)}`
  await addMixed(gateway, 'one', { prompts: ['greet', long] })
  await addMixed(gateway, 'two', { prompts: ['greet'], templates: ['t://{id}'] })
  client = await clientOfAll(gateway)
  const { names } = await listAll(client, 'prompts/list', 'prompts')
  expect(names.slice(0, 1)).toEqual(['one__greet'])
  const got = async (name: string) => JSON.stringify(await client.request('prompts/get', { name }))
  expect(await got('two__greet')).toContain('prompt greet')
  expect(await got(names[1] ?? '')).toContain(`prompt ${long}`)
  expect(await got('none__greet')).toContain('Unknown prompt')
  const complete = async (ref: object) =>
    JSON.stringify(await client.request('completion/complete', { ref, argument: { name: 'id', value: '1' } }))
  expect(await complete({ type: 'ref/prompt', name: 'one__greet' })).toContain(
    String.raw`{\"type\":\"ref/prompt\",\"name\":\"greet\"}`,
  )
  await listAll(client, 'resources/templates/list', 'resourceTemplates')
  expect(await complete({ type: 'ref/resource', uri: 't://{id}' })).toContain(String.raw`\"uri\":\"t://{id}\"`)
})

test('while stopped nothing passes, and afterwards everything does again', async () => {
  await addMixed(gateway, 'one', { tools: ['read'] })
  client = await clientOfAll(gateway)
  await gateway.core.handlers.stop({ reason: 'test' }, person)
  expect((await client.call('one__read')).outcome).toBe('STOPPED')
  expect((await client.request('tools/list')).error?.data?.code).toBe('STOPPED')
  await gateway.core.handlers.resume({}, person)
  expect((await client.call('one__read')).outcome).toBe('ok')
  expect((await listAll(client, 'tools/list', 'tools')).names).toEqual(['one__read'])
})

test('what is no message, no request of ours, or comes before `initialize` is refused', async () => {
  await addMixed(gateway, 'one', { tools: ['read'] })
  client = gateway.connect('', ['--all'])
  expect((await client.request('tools/list')).error?.data?.code).toBe('MALFORMED_MESSAGE')
  await client.initialize()
  expect((await client.request('vendor/new')).error?.code).toBe(-32601)
  expect((await client.call('nothing')).outcome).toBe('TOOL_UNKNOWN')
  expect((await client.call('toolgate__status')).outcome).toBe('TOOL_UNKNOWN')
  client.write('{"jsonrpc":"2.0","method":"tools/call","params":{"name":"one__read"}}')
  await client.line((line) => line.includes('a request needs an `id`'))
  client.write('{"jsonrpc":"2.0","id":5,"id":6,"method":"ping"}')
  await client.line((line) => line.includes('appears twice'))
  const refused = gateway
    .entries()
    .flatMap((entry) => (entry.kind === 'event' && entry.event.endsWith('refused') ? [entry.detail] : []))
  expect(refused).toContainEqual(
    expect.objectContaining({ server: '*', method: 'tools/call', reason_code: 'TOOL_UNKNOWN' }),
  )
})

test('a client that begins anew is done with what was open, and what it says of that ends nothing', async () => {
  await addMixed(gateway, 'one', { tools: ['hold', 'ask', 'read'] })
  client = await clientOfAll(gateway)
  client.write('{"jsonrpc":"2.0","id":"h","method":"tools/call","params":{"name":"one__hold","arguments":{}}}')
  client.write('{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"one__ask","arguments":{}}}')
  const asked = await client.line((line) => line.includes('sampling/createMessage'))
  const { id } = JSON.parse(asked.toString())
  const begun = client.initialize()
  client.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"h"}}')
  client.write(`{"jsonrpc":"2.0","id":${id},"result":{}}`)
  expect((await begun).error).toBeUndefined()
  for (const open of ['"h"', '"a"'])
    await client.line((line) => line.includes(`"id":${open}`) && line.includes('error'))
  expect((await client.call('one__read')).outcome).toBe('ok')
})

test('one client’s servers end with it, and a client counts once', async () => {
  await addMixed(gateway, 'one', { tools: ['read'] })
  await addMixed(gateway, 'two', { tools: ['read'] })
  client = await clientOfAll(gateway)
  const status = await gateway.core.handlers.status({}, person)
  expect(status.sessions).toBe(1)
  expect(status.servers.map(({ sessions }) => sessions)).toEqual([1, 1])
  await client.close()
  await expect
    .poll(async () => (await gateway.core.handlers.status({}, person)).servers.map(({ sessions }) => sessions))
    .toEqual([0, 0])
})
