import { expect, test } from 'vitest'
import { askedText } from '../../../shared/asked-words.ts'
import type { Kind } from '../../../shared/traffic.ts'
import { plainSentence, requestSentence } from '../../../src-renderer/say/request-sentence.ts'

const client = { id: 'c', name: 'Cursor', identity: 'verified', pid: 1 } as const

test.each<[kind: Kind, name: string, asked: string, sentence: string]>([
  ['resource', 'file:///a', 'file:///a', 'Cursor wants to read the resource file:///a on notes'],
  ['resource', 'plain', 'resource plain', 'Cursor wants to read the resource plain on notes'],
  ['prompt', 'greet', 'prompt greet', 'Cursor wants to use the prompt greet on notes'],
  ['completion', 'greet', 'proposals for greet', 'Cursor wants to get proposals for greet on notes'],
  ['task', 'index', 'task of index', 'Cursor wants to follow a task of notes › index'],
  ['task', 'tasks/list', 'its tasks', 'Cursor wants to follow its tasks on notes'],
  [
    'sampling',
    'sampling/createMessage',
    "the client's model",
    'notes wants to have the model of the client answer it, at Cursor',
  ],
  ['elicitation', 'form', 'a form to fill in', 'notes wants to have you fill in a form, at Cursor'],
  [
    'elicitation',
    'xn--a.example',
    'a link to xn--a.example',
    'notes wants to have you open a link to xn--a.example, at Cursor',
  ],
  ['roots', 'roots/list', "the client's folders", 'notes wants to know the folders of the client, at Cursor'],
])('%s %s is said in words of our own', (kind, tool, asked, sentence) => {
  const call = {
    client,
    server: 'notes',
    kind,
    tool,
    action: 'read',
    arguments: '{}',
    resources: [] as string[],
  } as const
  expect(askedText(kind, tool)).toBe(asked)
  expect(plainSentence(requestSentence(call, null))).toBe(sentence)
})

test('for whom the client works is said with its name, whoever asks', () => {
  const base = { server: 'notes', tool: 'index', action: 'read', arguments: '{}' } as const
  const said = (kind: Kind) =>
    plainSentence(requestSentence({ ...base, resources: [], kind, client: { ...client, tenant: 'acme' } }, null))
  expect([said('resource'), said('roots')]).toEqual([
    'Cursor, for acme, wants to read the resource index on notes',
    'notes wants to know the folders of the client, at Cursor, for acme',
  ])
})
