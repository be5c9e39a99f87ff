import type { ApprovalView } from '../../../shared/approval.ts'
import { CallError } from '../../../shared/call-errors.ts'
import { ToolgateError } from '../../../shared/errors.ts'
import { Settings } from '../../../shared/settings.ts'
import { createApprovals } from '../../../src-main/core/approvals/queue.ts'
import { createWhoMay } from '../../../src-main/core/approvals/who-may.ts'
import { createSparing } from '../../../src-main/core/fatigue/sparing.ts'
import { createGrants } from '../../../src-main/core/grants/grants.ts'
import { ownerId } from '../../../src-main/core/people/people.ts'
import { approve } from '../../../src-main/core/pipeline/approve.ts'
import type { DecidedCall, Deps, SettledCall } from '../../../src-main/core/pipeline/call.ts'
import { Refused } from '../../../src-main/core/pipeline/refused.ts'
import { combineApprovals } from '../../../src-main/core/policy/approval-needs.ts'
import type { ApprovalsPart } from '../../../src-main/core/policy/approvals-part.ts'
import type { Db } from '../../../src-main/core/store/database.ts'
import { grantsTable } from '../../../src-main/core/store/grants-table.ts'
import { fakeClock } from '../../fakes/clock.ts'
import { modelPeople, type Voice } from './model-people.ts'

const expiresMs = 600_000
const grantMs = 600_000

/** What policy says now: 0 allows, 1 to 4 ask at that level, 5 denies. */
export type Policy = 0 | 1 | 2 | 3 | 4 | 5

type Ask = {
  session: number
  args: number
  controller: AbortController
  life: number
  outcomes: string[]
}

/** What a person's yes was for, kept apart from the product: what each forward is held against. */
type Yes = {
  bound: string
  level: number
  /** Calls that waited; 0 for a yes that came late, which is good for one. */
  waiting: number
  wall: number
  monotonic: number
  life: number
  used: number
  /** All who said yes to the request, the one that ended it last. */
  voices: readonly Voice[]
}

export type World = ReturnType<typeof createWorld>

/** Runs calls through the real `approve` stage and the real queue, over a clock, a policy and a server that are told what to do. */
export function createWorld(db: Db) {
  const clock = fakeClock()
  const table = grantsTable(db)
  const here = modelPeople(db, clock, ['ops'])
  const asks: Ask[] = []
  const yes = new Map<string, Yes>()
  /** The first hash that each request was shown with. */
  const seen = new Map<string, string>()
  /** What each request is for, and since when: as the calls that wait for it know it. */
  const requests = new Map<string, { bound: string; monotonic: number }>()
  const broken: string[] = []
  const gates: (() => void)[] = []
  let policy: Policy = 1
  let snapshot = 0
  /** What policy says of who may approve. */
  let said: ApprovalsPart = []
  const spoken = new Map<string, Voice[]>()
  let fingerprint = 0
  let slow = false
  let life = 0
  let lifeBegan = 0
  const bound = (ask: Ask) => JSON.stringify([ask.session, ask.args, fingerprint])

  const begin = () => {
    const audit = { append: (_entries: unknown, also?: () => void) => also?.() }
    const proofs = { of: () => ({ detail: {}, keep: () => {} }) }
    const log = { info: () => {}, warn: () => {}, error: (message: string) => broken.push(`logged: ${message}`) }
    const settings = Settings.parse({})
    const sparing = createSparing({ clock, settings: () => settings, record: () => {} })
    const pinOf = () => `f${fingerprint}`
    const inForce = () => ({ roles: ['ops'], approvals: combineApprovals([{ origin: 'local', approvals: said }]) })
    const whoMay = createWhoMay({ people: here.people, snapshot: inForce, ownerOf: () => ownerId })
    const grants = createGrants({
      ...{ table, clock, user: 'me', record: () => {}, pinOf, onChange: () => {} },
      stillGiven: (_call, level, people) => whoMay.enough(level, { id: 'c1', identity: 'verified' }, people),
    })
    const approvals = createApprovals({
      ...{ whoMay, personOf: here.people.get },
      ...{
        clock,
        grants,
        user: 'me',
        log,
        coolDown: sparing.coolDown,
        several: () => false,
        notify: () => {},
        onChange: () => {},
      },
      ...{
        audit: audit as unknown as Deps['audit'],
        proofs: proofs as never,
        learn: () => null,
        expiresMs: () => expiresMs,
      },
    })
    const holding = { settings: () => settings, reachable: () => true }
    const deps = {
      snapshot: inForce,
      clock,
      whoMay,
      approvals,
      grants,
      sparing,
      holding,
      user: 'me',
      probe: () => {},
    } as unknown as Deps
    return { approvals, grants, deps }
  }
  let now = begin()

  function decide(ask: Ask): DecidedCall {
    const effect = policy === 0 ? 'ALLOW' : policy === 5 ? 'DENY' : 'REQUIRE_APPROVAL'
    const text = JSON.stringify({ n: ask.args })
    const asked = bound(ask)
    return {
      request: {
        ...{ kind: 'tool', method: 'tools/call', serverName: 'notes', toolName: 'write', argumentsText: text },
        params: Buffer.from(`{"name":"write","arguments":${text}}`),
        argsHash: () => text,
        from: 'client',
        client: { id: 'c1', name: 'Client', identity: 'verified', tenant: '', pid: 1 },
        session: { id: 's', lineage: `lineage-${ask.session}` },
        caller: { arrivedMs: clock.monotonic(), names: [], progress: null },
        signal: ask.controller.signal,
      },
      envelope: {
        tool: { action: 'write', fingerprint: `f${fingerprint}` },
        resource: { paths: [], uris: [], hosts: [] },
        risk: { score: 0, factors: [] },
      },
      decision: {
        ...{ effect, approval_level: policy, snapshot: `p${snapshot}`, reason: `policy ${snapshot}`, code: null },
        ...{ rules: [], constraints: {} },
      },
      paths: { paths: [], suspects: [], complete: true },
      tool: { definition: { inputSchema: { type: 'object' } }, approval: { at: null } },
      ...{ findings: [], changes: [], server: null, continues: null, checked: { broken: null } },
      trail: {
        held: (_call: unknown, id: string) => {
          if (!requests.has(id)) requests.set(id, { bound: asked, monotonic: clock.monotonic() })
          if (requests.get(id)?.bound !== asked) broken.push(`${id} is shared by calls that are not the same`)
        },
        answered: () => {},
      },
    } as unknown as DecidedCall
  }

  async function again(ask: Ask): Promise<DecidedCall> {
    if (slow) await new Promise<void>((resolve) => gates.push(resolve))
    else await null
    return decide(ask)
  }

  /** As the next stage does it: what was cancelled meanwhile stays, a grant is used up in the same step. */
  function forward(ask: Ask, { settledBy }: SettledCall, grants: typeof now.grants): string {
    if (ask.controller.signal.aborted) return 'cancelled'
    if (settledBy.kind === 'grant' && !grants.consume(settledBy.grant.id)) return 'used before'
    const wrong = whyNot(ask, settledBy)
    if (wrong) broken.push(`forwarded ${bound(ask)} by ${settledBy.kind}: ${wrong}`)
    return `forwarded by ${settledBy.kind}`
  }

  function whyNot(ask: Ask, settledBy: SettledCall['settledBy']): string | null {
    if (settledBy.kind === 'policy') return policy === 0 ? null : 'policy does not allow it'
    if (policy === 5) return 'policy denies it'
    const id = settledBy.kind === 'grant' ? settledBy.grant.approval_id : settledBy.approvalId
    const given = yes.get(id)
    if (!given) return `nobody approved ${id}`
    given.used++
    const needs = combineApprovals([{ origin: 'local', approvals: said }])[policy - 1]
    const few = needs && policy > 0 ? here.whyTooFew(needs, given.voices) : null
    if (few) return few
    if (given.bound !== bound(ask)) return `the yes was for ${given.bound}`
    if (given.level < policy) return `the yes was at level ${given.level}, policy asks for ${policy}`
    if (given.used > Math.max(1, given.waiting)) return `used ${given.used} times, ${given.waiting} waited`
    if (settledBy.kind !== 'grant') return given.waiting > 0 ? null : 'nobody waited for the yes'
    if (given.waiting > 0) return 'a yes that did not come late became a grant'
    const from = given.life === life ? given.monotonic : lifeBegan
    if (clock.now() >= given.wall + grantMs || clock.monotonic() >= from + grantMs) return 'the grant had run out'
    return null
  }

  async function run(ask: Ask): Promise<string> {
    const { deps, grants } = now
    try {
      const judging = {
        again: () => again(ask),
        tried: async (text: string) => decide({ ...ask, args: JSON.parse(text).n }),
        edit(text: string) {
          ask.args = JSON.parse(text).n
        },
      }
      return forward(ask, await approve(decide(ask), judging, deps), grants)
    } catch (error) {
      if (error instanceof Refused || error instanceof ToolgateError) return error.code
      throw error
    }
  }

  /** Whether a yes to this request may count at all: not for what was shown before, nor after its end. */
  function mustRefuse(view: ApprovalView, hash: string): boolean {
    const over = clock.now() >= Date.parse(view.expires_at)
    const long = clock.monotonic() >= (requests.get(view.id)?.monotonic ?? 0) + expiresMs
    return hash !== view.shown_hash || over || long
  }

  return {
    broken,
    asks,

    async ask(session: number, args: number, times = 1) {
      for (let i = 0; i < times; i++) this.begin(session, args)
      await this.settle()
    },

    begin(session: number, args: number) {
      const ask: Ask = { session, args, controller: new AbortController(), life, outcomes: [] }
      asks.push(ask)
      void run(ask).then(
        (outcome) => void (ask.life === life && ask.outcomes.push(outcome)),
        (error) => broken.push(`a call failed: ${String(error)}`),
      )
    },

    async answer(
      pick: number,
      answer: 'approve' | 'deny',
      old: boolean,
      who = 0,
      edit: number | null = null,
    ): Promise<string> {
      const views = now.approvals.list()
      const view = views[pick % Math.max(1, views.length)]
      if (!view) return 'nothing waits'
      const hash = old ? (seen.get(view.id) ?? 'f'.repeat(64)) : view.shown_hash
      const refuse = answer === 'approve' && mustRefuse(view, hash)
      const { level, waiting } = view
      const times = { wall: clock.now(), monotonic: clock.monotonic(), life }
      let told = answer === 'approve' ? 'approved' : 'denied'
      const person = here.ids()[who] ?? ownerId
      try {
        const given = { hash, reason: 'r', by: person, person, door: 'approval', pid: null }
        const edited = edit === null ? null : JSON.stringify({ n: edit })
        const { state } = now.approvals.answer(view.id, answer, given, { edited })
        if (refuse || (edit !== null && (answer === 'deny' || waiting !== 1 || state === 'pending')))
          broken.push('an answer was taken that must be refused')
        const [session, args, definition] = JSON.parse(requests.get(view.id)?.bound ?? '[]')
        const asked = JSON.stringify([session, edit ?? args, definition])
        const voices = [...(spoken.get(view.id) ?? []), { person, why: view.why, waiting }]
        if (answer === 'approve') spoken.set(view.id, voices)
        if (state === 'approved') yes.set(view.id, { bound: asked, level, waiting, ...times, used: 0, voices })
        if (answer === 'approve' && waiting === 0) told = 'approved late'
        if (state === 'pending') told = 'one of several'
      } catch (error) {
        const theirs = error instanceof CallError && error.code === 'APPROVAL_NOT_YOURS'
        if (!(error instanceof ToolgateError || error instanceof CallError)) throw error
        told = theirs ? 'not theirs' : 'refused'
      }
      await this.settle()
      return told
    },

    async time(ms: number) {
      // In steps, so that calls that were woken go on in between, as they do where time passes by itself.
      for (let left = ms; left > 0; left -= 25_000) {
        clock.advance(Math.min(left, 25_000))
        await this.settle()
      }
    },

    async jump(ms: number) {
      clock.setWall(clock.now() + ms)
      await this.settle()
    },

    async sleep(ms: number) {
      clock.setWall(clock.now() + ms)
      now.approvals.wake()
      await this.settle()
    },

    async cancel(pick: number) {
      const open = asks.filter(({ outcomes }) => outcomes.length === 0)
      open[pick % Math.max(1, open.length)]?.controller.abort()
      await this.settle()
    },

    async setPolicy(next: Policy, slowly: boolean) {
      policy = next
      snapshot++
      slow = slowly
      now.approvals.recheck()
      await this.settle()
    },

    async setNeeds(next: ApprovalsPart, slowly: boolean) {
      said = next
      snapshot++
      slow = slowly
      now.approvals.recheck()
      await this.settle()
    },

    /** Something changes about who is here, as when a person is removed, or away. */
    async changePeople(change: (people: typeof here) => void) {
      change(here)
      now.approvals.recheck()
      await this.settle()
    },

    async changeDefinition() {
      fingerprint++
      now.approvals.recheck()
      await this.settle()
    },

    /** From now on deciding anew takes until `decided`. */
    slowDown() {
      slow = true
    },

    /** What was slow to be decided is decided now. */
    async decided() {
      slow = false
      for (const open of gates.splice(0)) open()
      await this.settle()
    },

    async stop() {
      now.approvals.cancel(() => true)
      await this.settle()
    },

    /** The process is killed and started again over the same grants; what was open is gone with it. */
    async restart() {
      for (const ask of asks) if (ask.outcomes.length === 0 && ask.life === life) ask.outcomes.push('killed')
      life++
      lifeBegan = clock.monotonic()
      now = begin()
      slow = false
      gates.length = 0
      await this.settle()
    },

    /** Lets everything go as far as it goes by itself, and notes what people are shown. */
    async settle() {
      await new Promise(setImmediate)
      for (const { id, shown_hash } of now.approvals.list()) if (!seen.has(id)) seen.set(id, shown_hash)
    },

    /** Everything that can happen has happened: each call has its one outcome, and nothing waits. */
    async end() {
      await this.decided()
      await this.time(expiresMs * 2)
      for (const { outcomes, session, args } of asks) {
        if (outcomes.length !== 1) broken.push(`call ${session}/${args} has the outcomes [${outcomes.join(', ')}]`)
      }
      if (now.approvals.list().length > 0) broken.push('a request still waits at the end')
    },
  }
}
