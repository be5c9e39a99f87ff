import { expect, onTestFinished, test } from 'vitest'
import { connectControl } from '../../src-main/headless/control-client.ts'
import { fileSecrets } from '../../src-main/host/secrets.ts'
import { putAccess } from '../fakes/access-file.ts'
import { cliWords } from '../fakes/built.ts'
import { simplePolicy, startGateway } from '../fakes/gateway.ts'
import { type OAuthClient, registerClient } from '../fakes/oauth-client.ts'
import { addPeople, pins } from '../fakes/people-here.ts'
import { person, program, sitDown } from '../fakes/person.ts'

type People = Parameters<typeof addPeople>[1]

/** A gateway whose apps come over HTTP, the PIN of its owner, and its command line; `jump` moves its clock. */
async function withApps(
  people: People = [],
  settings: NonNullable<Parameters<typeof startGateway>[0]>['settings'] = {},
) {
  let jumped = 0
  const clock = {
    now: () => Date.now() + jumped,
    monotonic: () => performance.now() + jumped,
    after: (ms: number, work: () => void) => {
      const timer = setTimeout(work, ms)
      return () => clearTimeout(timer)
    },
  }
  const gateway = await startGateway({ policy: simplePolicy(), http: { port: 0 }, settings, ports: { clock } })
  onTestFinished(() => gateway.close())
  await addPeople(gateway, people)
  await gateway.addServer('notes', 'notes-server')
  const port = gateway.core.httpPort ?? 0
  const toolgate = (...words: string[]) => [...cliWords, ...words, '--profile', gateway.profile]
  const json = async (...words: string[]) => JSON.parse((await program(toolgate(...words, '--json'))).screen)
  const events = (name: string) =>
    gateway.entries().flatMap((entry) => (entry.kind === 'event' && entry.event === name ? [entry.detail] : []))
  return {
    ...{ gateway, port, toolgate, json, events },
    jump: (ms: number) => {
      jumped += ms
    },

    /** An app that asks to be let in, and the id of its request. */
    async asking(metadata: Record<string, unknown> = {}, change: Record<string, string> = {}) {
      const client = await registerClient(port, { client_name: 'Editor', ...metadata })
      const asked = await client.authorize(change)
      const waiting: { id: string }[] = await json('apps', 'list')
      return { client, asked, id: waiting.at(-1)?.id ?? '' }
    },

    /** A person who sits down at a command, types their PIN, and leaves with the test, however it ends. */
    sits(...words: string[]) {
      const sitting = sitDown(toolgate(...words), [['PIN:', pins.owner]])
      onTestFinished(() => void sitting.child.kill())
      return sitting
    },

    /** A person who runs a command and types their PIN, then this. */
    typing: (words: string[], ...then: (readonly [string, string])[]) =>
      person(toolgate(...words), [['PIN:', pins.owner], ...then]),

    /** Binds an access policy to an app, confirmed by a person; while it works for a tenant alone, where one is named. */
    bind({ id }: OAuthClient, tenant?: string): Promise<void> {
      const whom = tenant === undefined ? '' : `, tenant: ${tenant}`
      return putAccess(gateway, `version: v1\nbindings: [{ policy: mcp.read_only, clients: ["${id}"]${whom} }]\n`)
    },
  }
}

/** What the app has once its browser went on: its tokens, or the error that it was told. */
async function outcomeOf({
  client,
  asked,
}: {
  client: OAuthClient
  asked: Awaited<ReturnType<OAuthClient['authorize']>>
}) {
  const back = (await asked.finish()).searchParams
  const code = back.get('code')
  if (code === null) return { error: back.get('error') }
  return JSON.parse((await client.exchange(code, asked.verifier)).body)
}

test('a person sees all that the page shows and lets an app in for an hour, or until they revoke it', async () => {
  const { toolgate, json, asking, typing, events } = await withApps()
  expect((await program(toolgate('apps', 'list'))).screen).toBe('no app waits for you\n')
  const first = await asking({ client_uri: 'https://editor.example.com/\u202e' }, { purpose: 'to keep notes\u202e' })
  const { id, client } = first

  expect((await program(toolgate('apps', 'list'))).screen).toMatch(
    new RegExp(`^${id} +asked \\d+ s ago +from this machine +Editor\n$`),
  )
  expect((await program(toolgate('status'))).screen).toMatch(/waiting +0 calls and 1 app for a person/)
  expect((await program(toolgate('status'))).screen).toMatch(/→ 1 app asks to connect: `.*toolgate apps list`/)
  const { screen } = await program(toolgate('apps', 'show', id.slice(-6)))
  expect(screen.split('\n').map((line) => line.trim())).toEqual([
    'Editor asks to connect',
    'It could then ask for tools through Toolgate. Each call is still decided by policy, and recorded.',
    expect.stringMatching(new RegExp(`^request {4}${id}, asked \\d+ s ago, over by itself in 10 min$`)),
    `client     ${client.id}`,
    'says so    It registered itself under this name, and names https://editor.example.com/\\u{202e} as its website',
    'purpose    It says what for: “to keep notes\\u{202e}”',
    'answer     Your answer goes to this machine, 127.0.0.1:7777',
    'http://127.0.0.1:7777/callback',
    expect.stringMatching(
      /^tools {6}It can call none of the \d+ tools of all servers until an access policy is bound to it$/,
    ),
    '! Nothing proves that this is Editor: the name is what the app says of itself.',
    '! Your answer goes to a program on this machine. Any program here could have asked under this name: allow it only if you started it just now.',
    '',
  ])
  expect(await json('apps', 'show', id)).toMatchObject({ id, app: 'Editor', client: client.id, policies: [] })

  expect(await program(toolgate('apps', 'allow', id, '--yes'))).toMatchObject({ code: 4 })
  const changedMind = await typing(['apps', 'allow', id], ['Let this app in for one hour?', 'n'])
  expect(changedMind).toMatchObject({ code: 1, screen: expect.stringContaining('the app still waits') })
  const allowed = await typing(['apps', 'allow', id], ['Let this app in for one hour?', 'y'])
  expect(allowed).toMatchObject({ code: 0, screen: expect.stringContaining('Editor: it is let in for one hour') })
  expect(allowed.screen).toContain(`it can call no tool yet; bind an access policy to ${client.id}`)
  // What was asked is shown before the answer, as on the page.
  expect(allowed.screen).toMatch(/Nothing proves that this is Editor[\s\S]*Let this app in/)
  const hour = await outcomeOf(first)
  expect([hour.expires_in, hour.refresh_token]).toEqual([3600, undefined])

  const second = await asking()
  const always = await typing(['apps', 'allow', second.id, '--always', '--yes', '--json'])
  expect(JSON.parse(always.screen.slice(always.screen.indexOf('{')))).toMatchObject({ id: second.id, answer: 'always' })
  expect(await outcomeOf(second)).toMatchObject({ refresh_token: expect.any(String) })
  expect(events('oauth.answered')).toMatchObject([
    { client: client.id, answer: 'once', door: 'terminal', pid: expect.any(Number), by: expect.any(String) },
    { client: second.client.id, answer: 'always', door: 'terminal', shown: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ])
})

test('apps are listed oldest first, and each says whether it came over the network, whatever name it gave itself', async () => {
  const host = 'tools.example.com'
  const { toolgate, json, port, jump } = await withApps([], { public_origin: `https://${host}` })
  const ask = async (client_name: string, name?: string) => {
    await (await registerClient(port, { client_name }, name)).authorize()
    jump(10)
  }
  await ask('from this machine  Far', host)
  await ask('Near')
  await ask('Last', host)
  const lines = (await program(toolgate('apps', 'list'))).screen.trim().split('\n')
  expect(lines.map((line) => line.replace(/^consent_\S+ +asked .*? ago +/, '').replace(/ +Near/, '  Near'))).toEqual([
    `over the network, by ${host}  from this machine  Far`,
    'from this machine  Near',
    `over the network, by ${host}  Last`,
  ])
  expect(await json('apps', 'list')).toMatchObject([
    { app: 'from this machine  Far', public_origin: `https://${host}` },
    { app: 'Near', public_origin: null },
    { app: 'Last' },
  ])
})

test('an app that a person denies is given nothing, and what was answered waits no more', async () => {
  const { toolgate, asking, typing, events } = await withApps()
  const asked = await asking()
  const denied = await typing(['apps', 'deny', asked.id], ['Deny this app?', 'y'])
  expect(denied).toMatchObject({ code: 0, screen: expect.stringContaining('Editor: it was given nothing') })
  expect(await outcomeOf(asked)).toEqual({ error: 'access_denied' })
  expect(events('oauth.answered')).toMatchObject([{ answer: 'deny', door: 'terminal' }])
  for (const words of [
    ['apps', 'show', asked.id],
    ['apps', 'show', 'consent_none'],
  ]) {
    expect(await program(toolgate(...words))).toMatchObject({ code: 5, stderr: expect.stringContaining('apps list') })
  }
  expect(await typing(['apps', 'allow', asked.id, '--yes'])).toMatchObject({ code: 5 })
})

test('a wrong PIN, no PIN and both durations at once let nobody in', async () => {
  const { toolgate, json, asking, events } = await withApps()
  const { id } = await asking()
  const wrong = await person(toolgate('apps', 'allow', id, '--always', '--yes'), [
    ['PIN:', '111222'],
    ['PIN:', '111223'],
    ['PIN:', '111224'],
  ])
  expect(wrong).toMatchObject({ code: 4, screen: expect.stringContaining('the PIN is wrong') })
  const piped = await program(toolgate('apps', 'allow', id, '--yes'), { input: `${pins.owner}\n` })
  expect(piped).toMatchObject({ code: 4, stderr: expect.stringContaining('does not run in a terminal') })
  expect(await program(toolgate('apps', 'allow', id, '--once', '--always'))).toMatchObject({ code: 2 })
  expect(await program(toolgate('apps', 'allow'))).toMatchObject({ code: 2 })
  expect(await json('apps', 'list')).toMatchObject([{ id }])
  expect(events('oauth.answered')).toEqual([])
})

test('a program that speaks to the gateway itself, without the command, answers no app, and that it tried is on record', async () => {
  const { gateway, asking, json, events } = await withApps()
  const { id } = await asking()
  const control = await connectControl(gateway.paths, fileSecrets(gateway.paths.keys))
  onTestFinished(() => control?.close())
  const view = await control?.call('consents.view', { id })
  const answer = { id, answer: 'always' as const, shown_hash: view?.shown_hash ?? '' }
  await expect(control?.call('consents.answer', answer)).rejects.toMatchObject({ code: 'PRESENCE_REQUIRED' })
  await expect(control?.call('consents.show', { id })).rejects.toMatchObject({ code: 'FORBIDDEN_AT_DOOR' })
  expect(await json('apps', 'list')).toMatchObject([{ id }])
  expect(events('approval.refused')).toMatchObject([{ door: 'terminal', requests: [id], why: 'PRESENCE_REQUIRED' }])
})

test('an answer to what is no longer shown is refused and on record; asked again, it counts', async () => {
  const { sits, json, asking, bind, typing, events } = await withApps()
  const { id, client } = await asking()
  const sitting = sits('apps', 'allow', id)
  await sitting.seen('Let this app in')
  // Meanwhile a yes would open tools to it that the person was not shown.
  await bind(client)
  sitting.type('y\r')
  expect(await sitting.done).toMatchObject({ code: 1, screen: expect.stringContaining('changed since it was shown') })
  expect(events('approval.refused')).toMatchObject([
    { door: 'terminal', pid: expect.any(Number), requests: [id], why: 'CONFLICT' },
  ])
  expect(await json('apps', 'list')).toMatchObject([{ id }])
  const again = await typing(['apps', 'allow', id], ['Let this app in', 'y'])
  expect(again.screen).toMatch(
    /tools {6}It can call \d+ of the \d+ tools of all servers, .* by the access policy mcp.read_only/,
  )
  expect(again.screen).toMatch(/notes: \d+ read/)
  expect(again).toMatchObject({ code: 0, screen: expect.not.stringContaining('it can call no tool yet') })
})

test('a request that runs out while it is shown is answered by nobody', async () => {
  const { sits, asking, jump, typing, events } = await withApps()
  const asked = await asking()
  jump(9.5 * 60_000)
  const sitting = sits('apps', 'allow', asked.id)
  await sitting.seen('Let this app in')
  jump(40_000)
  sitting.type('y\r')
  expect(await sitting.done).toMatchObject({ code: 5, screen: expect.stringContaining('this app no longer waits') })
  expect(await typing(['apps', 'allow', asked.id, '--yes'])).toMatchObject({ code: 5 })
  expect(events('oauth.answered')).toEqual([])
  expect(events('approval.refused')).toMatchObject([{ door: 'terminal', requests: [asked.id], why: 'NOT_FOUND' }])
})

test('of several people an admin lets apps in, under their name; others and auditors do not', async () => {
  const { toolgate, asking, events } = await withApps([
    { name: 'ana', admin: true },
    { name: 'bo' },
    { name: 'cy', groups: ['auditor'] },
  ])
  const { id } = await asking()
  const as = (name: 'ana' | 'bo' | 'cy') =>
    person(toolgate('apps', 'allow', id, '--yes', '--as', name), [['PIN:', pins[name]]])
  expect(await as('bo')).toMatchObject({ code: 4, screen: expect.stringContaining('only an admin') })
  expect(await as('cy')).toMatchObject({ code: 4 })
  expect(await as('ana')).toMatchObject({ code: 0 })
  expect(events('oauth.answered')).toMatchObject([{ by: 'ana', door: 'terminal' }])
  expect(events('approval.refused')).toMatchObject([{ why: 'ADMIN_ONLY' }, { why: 'AUDITOR_ONLY_LOOKS' }])
})

test('watch asks about each app as it comes, shows one again that changed, and leaves none in by a key for calls', async () => {
  const { sits, json, asking, bind } = await withApps()
  const watcher = sits('approvals', 'watch')
  await watcher.seen('waiting for calls and apps')
  const first = await asking({ client_name: 'First\u202e' })
  await watcher.seen(/First\\u\{202e\} asks to connect[\s\S]*Enter to leave it/)
  watcher.type('a\r')
  await watcher.seen(/`a` is none of these[\s\S]*Enter to leave it/)
  watcher.type('\r')
  await watcher.seen(`left waiting: ${first.id}`)
  expect(await json('apps', 'list')).toMatchObject([{ id: first.id }])

  const second = await asking({ client_name: 'Second' })
  await watcher.seen(/Second asks to connect[\s\S]*Enter to leave it/)
  await bind(second.client)
  watcher.type('u\r')
  await watcher.seen(
    /changed since it was shown[\s\S]*Second asks to connect[\s\S]*mcp.read_only[\s\S]*Enter to leave it/,
  )
  watcher.type('h\r')
  await watcher.seen('Second: it is let in for one hour')
  expect(await outcomeOf(second)).toMatchObject({ expires_in: 3600 })
  watcher.type('\u0003')
  await watcher.done

  const printed = sits('approvals', 'watch', '--json')
  const line = (await printed.seen(/\{.*\}/)).trim()
  expect(JSON.parse(line)).toMatchObject({ id: first.id, app: 'First\\u{202e}', shown_hash: expect.any(String) })
  printed.type('\u0003')
  await printed.done
})

test('watch names strangers of the network in passing: none rings, or holds up an app of this machine', async () => {
  const { sits, port, asking } = await withApps([], { public_origin: 'https://tools.example.com' })
  const watcher = sits('approvals', 'watch')
  await watcher.seen('waiting for calls and apps')
  for (const client_name of ['Stranger', 'Another']) {
    const client = await registerClient(port, { client_name }, 'tools.example.com')
    await client.authorize()
  }
  await watcher.seen(/Another asks to connect over the network: `.*toolgate apps show consent_/)
  await asking({ client_name: 'Near' })
  await watcher.seen(/Near asks to connect[\s\S]*Enter to leave it/)
  watcher.type('\u0003')
  const { screen } = await watcher.done
  expect(screen.split('\u0007').length).toBe(2)
  expect(screen).not.toMatch(/Stranger asks[\s\S]*Enter to leave it[\s\S]*Another asks/)
})

test('whatever shows an app says the command that chooses for whom it works, and it does', async () => {
  const { toolgate, asking, bind, sits, typing, events } = await withApps()
  const asked = await asking()
  const { id, client } = asked
  await bind(client, 'acme')
  const says = new RegExp(
    `works for  nobody in particular\\r?\\n +\`(npx )?toolgate apps allow ${id} --tenant …\` chooses another: acme`,
  )
  expect((await program(toolgate('apps', 'show', id))).screen).toMatch(says)
  expect((await typing(['apps', 'deny', id], ['Deny this app?', 'n'])).screen).toMatch(says)
  const watcher = sits('approvals', 'watch')
  await watcher.seen(says)
  await watcher.seen('Enter to leave it')
  watcher.type('\u0003')
  await watcher.done
  const allowed = await typing(['apps', 'allow', id, '--tenant', 'acme'], ['Let this app in', 'y'])
  expect(allowed).toMatchObject({ code: 0, screen: expect.stringContaining('works for  acme') })
  expect(events('oauth.answered')).toMatchObject([{ answer: 'once', tenant: 'acme' }])
})
