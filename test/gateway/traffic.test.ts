import { afterAll, beforeAll, expect, test } from 'vitest'
import { come, type DoorName, type OddDoor, openOddDoors, settled } from '../campaigns/odd-doors.ts'
import { modernMeta } from '../fakes/http-client.ts'

let doors: Record<DoorName, OddDoor>
let close: () => Promise<void>

beforeAll(async () => {
  const opened = await openOddDoors()
  doors = opened.doors
  close = opened.close
  // A task is only known to the session of the call that made it.
  for (const door of Object.values(doors)) await ask(door, makesTask)
})
afterAll(() => close())

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** What a client asks, the name that headers repeat, the members of `params`, and the server's `result`. */
type Asked = [method: string, name: string | undefined, params: string, result: string]

const resource =
  '{"uri":"file:///srv/a%20b","name":"a","mimeType":"text/x-odd","size":9007199254740993,"annotations":{ }}'
const task =
  '{"taskId":"t-1","status":"input_required","ttl":6e4,"createdAt":"2026-01-01T00:00:00Z","pollInterval":1.0}'

const makesTask: Asked = [
  'tools/call',
  'read_odd',
  '"name":"read_odd","arguments":{},"task":{"ttl":6e4}',
  `{"task":${task},"_meta":{"x/y":[ ]}}`,
]

const asked: Asked[] = [
  ['resources/list', undefined, '"cursor":"\\u0000"', `{"resources":[${resource}],"nextCursor":""}`],
  [
    'resources/templates/list',
    undefined,
    '',
    '{"resourceTemplates":[{"uriTemplate":"x://{id}","name":"x","icons":[]}]}',
  ],
  ['resources/read', 'odd://a/b', '"uri":"odd://a/b"', '{"contents":[{"uri":"odd://a/b","blob":"AA==","x":1.0}]}'],
  ['prompts/list', undefined, '"cursor":"7"', '{"prompts":[{"name":"p","arguments":[{"name":"a","required":true}]}]}'],
  [
    'prompts/get',
    'p',
    '"name":"p","arguments":{"a":"\\ud800"}',
    '{"messages":[{"role":"user","content":{"type":"new"}}]}',
  ],
  [
    'completion/complete',
    undefined,
    '"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":"x"}',
    '{"completion":{"values":["x"],"total":1e2}}',
  ],
  ['tasks/get', 't-1', '"taskId":"t-1"', task],
  ['tasks/cancel', 't-1', '"taskId":"t-1"', task],
  ['tasks/update', 't-1', '"taskId":"t-1","inputResponses":{"k":{"action":"accept","content":{"n":1.0}}}', '{}'],
  [
    'prompts/get',
    'p',
    '"name":"p"',
    '{"resultType":"input_required","inputRequests":{"k":{"method":"elicitation/create","params":{"mode":"form"}}},"requestState":"s=="}',
  ],
  [
    'prompts/get',
    'p',
    '"name":"p","inputResponses":{"k":{"action":"decline"}},"requestState":"s=="',
    '{"messages":[]}',
  ],
  makesTask,
  [
    'tools/call',
    'read_odd',
    '"name":"read_odd","arguments":{}',
    '{"resultType":"input_required","inputRequests":{"k":{"method":"elicitation/create","params":{"mode":"url","url":"https://a.example/b?c=d"}}},"requestState":"s=="}',
  ],
  [
    'tools/call',
    'read_odd',
    '"name":"read_odd","arguments":{},"inputResponses":{"k":{"action":"accept"}},"requestState":"s=="',
    '{"content":[{"type":"resource_link","uri":"odd://x"}],"structuredContent":{"n":1e400}}',
  ],
  ['ui/open', undefined, '"html":"<b>"', '{"ok":true}'],
]

/** What only sessions have. */
const askedInSessions: Asked[] = [
  ['ping', undefined, '', '{}'],
  ['logging/setLevel', undefined, '"level":"debug"', '{ }'],
  ['resources/subscribe', undefined, '"uri":"odd://a/b"', '{}'],
  ['resources/unsubscribe', undefined, '"uri":"odd://a/b"', '{"_meta":{"x":-0}}'],
  ['tasks/list', undefined, '"cursor":"c"', `{"tasks":[${task}]}`],
  [
    'tasks/result',
    undefined,
    '"taskId":"t-1"',
    '{"content":[],"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t-1"}}}',
  ],
]

async function ask(door: OddDoor, [method, name, members, result]: Asked): Promise<void> {
  const answer = `{ "result":${result},"jsonrpc":"2.0","id":@ID@ }`
  const meta = door.modern ? `"_meta":${JSON.stringify(modernMeta)},` : ''
  const script = `"answer":"${base64(answer)}"`
  const params = members.includes('"arguments":{')
    ? members.replace('"arguments":{', `"arguments":{${script},`).replace(',}', '}')
    : `${members === '' ? '' : `${members},`}${script}`
  const text = (id: string) => `{"params":{${meta}${params}},"id":${id},"method":"${method}","jsonrpc":"2.0"}`
  door.arrived()
  expect(await door.post(text('11'), { method, name, count: 1 })).toEqual([answer.replace('@ID@', '11')])
  const arrived = door.arrived()
  const own = String((JSON.parse(arrived[0] ?? '{}') as { id?: unknown }).id)
  expect(arrived).toEqual([text(own)])
}

test.for(asked.flatMap((one) => (['stdio', 'legacy', 'modern'] as const).map((door) => [one[0], door, one] as const)))(
  '%s passes unchanged, and its result too: %s',
  async ([, name, one]) => ask(doors[name], one),
)

test.for(askedInSessions.flatMap((one) => (['stdio', 'legacy'] as const).map((door) => [one[0], door, one] as const)))(
  '%s passes unchanged, and its result too: %s',
  async ([, name, one]) => ask(doors[name], one),
)

/** What a server asks of a client, and the client's `result` or `error`. */
const asksBack: [method: string, params: string, answer: string][] = [
  [
    'sampling/createMessage',
    '{"messages":[{"role":"user","content":{"type":"text","text":"\\u0000"}}],"maxTokens":1e2,"tools":[]}',
    '"result":{"role":"assistant","content":{"type":"new"},"model":"m","stopReason":"x"}',
  ],
  ['sampling/createMessage', '{"messages":[],"task":{"ttl":6e4}}', `"result":{"task":${task}}`],
  [
    'elicitation/create',
    '{"mode":"form","message":"?","requestedSchema":{"type":"object","properties":{"n":{"type":"integer","maximum":9007199254740993}}}}',
    '"result":{"action":"accept","content":{"n":9007199254740993}}',
  ],
  [
    'elicitation/create',
    '{"mode":"url","message":"?","url":"https://a.example/b?c=d#e","elicitationId":"e-1"}',
    '"result":{"action":"cancel"}',
  ],
  ['roots/list', '{}', '"result":{"roots":[{"uri":"file:///srv/r%C3%A9","name":"\\ud800"}]}'],
  ['roots/list', '{"_meta":{"progressToken":1.0}}', '"error":{"code":-32601,"message":"no","data":[1.0]}'],
  ['tasks/get', '{"taskId":"t-1"}', `"result":${task}`],
  ['ping', '{}', '"result":{}'],
]

test.for(asksBack.flatMap((one) => (['stdio', 'legacy'] as const).map((door) => [one[0], door, one] as const)))(
  'a server may ask %s, and the answer reaches it unchanged: %s',
  async ([, name, [method, params, answer]]) => {
    const door = doors[name]
    door.arrived()
    const says = `{"id":"s\\u002d1","jsonrpc":"2.0","method":"${method}","params":${params}}`
    const text = `{"jsonrpc":"2.0","id":12,"method":"odd/listen","params":{"first":["${base64(says)}"]}}`
    const [got] = await door.post(text, { method: 'odd/listen', count: 2 })
    expect(got).toBe(says)
    const reply = `{"jsonrpc":"2.0", "id":"s-1",${answer}}`
    await door.post(reply, { method: '', count: 0 })
    await come(door, [text, reply])
    expect(await settled(door)).toEqual([])
  },
)

const told: [method: string, params: string][] = [
  ['notifications/message', '{"level":"info","logger":"l","data":{"n":1.0,"id":11}}'],
  ['notifications/progress', '{"progressToken":"p","progress":0.10,"total":1e2,"message":""}'],
  ['notifications/resources/updated', '{"uri":"odd://a/b","title":"t"}'],
  ['notifications/resources/list_changed', '{}'],
  ['notifications/prompts/list_changed', '{"_meta":{ }}'],
  ['notifications/tools/list_changed', '{}'],
  ['notifications/tasks/status', task],
  ['notifications/elicitation/complete', '{"elicitationId":"e-1"}'],
  ['notifications/cancelled', '{"requestId":"s-1","reason":"late"}'],
  ['notifications/vendor', '[1.0]'],
]

test.for(told.flatMap((one) => (['stdio', 'legacy'] as const).map((door) => [one[0], door, one] as const)))(
  'a server tells %s, and so may a client: %s',
  async ([, name, [method, params]]) => {
    const door = doors[name]
    door.arrived()
    const says = `{"jsonrpc" : "2.0","method":"${method}","params":${params}}`
    const text = `{"jsonrpc":"2.0","id":13,"method":"odd/listen","params":{"first":["${base64(says)}"]}}`
    const [got] = await door.post(text, { method: 'odd/listen', count: 2 })
    expect(got).toBe(says)
    await door.post(says, { method, count: 0 })
    expect(await settled(door)).toEqual([text, says])
  },
)

test('progress and log messages of a request without a session reach its stream unchanged', async () => {
  const door = doors.modern
  const meta = JSON.stringify({ ...modernMeta, 'io.modelcontextprotocol/logLevel': 'debug', progressToken: 'p' })
  const first = [
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{ "progressToken":@TOKEN@,"progress":0.10}}',
    '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":[ 1.0 ]}}',
  ]
  const script = first.map((line) => `"${base64(line)}"`).join(',')
  const text = `{"jsonrpc":"2.0","id":14,"method":"odd/listen","params":{"_meta":${meta},"first":[${script}]}}`
  const got = await door.post(text, { method: 'odd/listen', count: 3 })
  expect(got.slice(0, 2)).toEqual([first[0]?.replace('@TOKEN@', '"p"'), first[1]])
})
