import { setTimeout } from 'node:timers/promises'
import { type Fate, type Flying, type LoadWire, legacyWire, modernWire, shimWire } from './load-wires.ts'
import { random } from './shuffled.ts'

/** How large a load is. */
export type Load = { clients: number; servers: number; calls: number }

/** Where it goes, and a fresh bearer token for a client of this name. */
export type Target = { profile: string; port: number; tokenFor: (name: string) => Promise<string> }

/** What became of the calls: how many had which fate; `lost` had none in time. */
export type Tally = { sent: number; fates: Map<Fate, number>; vanished: number; killed: number }

/** Longer than anything that a call may wait for here. */
const patienceMs = 120_000
/** Kills of one server are so far apart (ms): more than five in a minute, and one may take several, count as crashing. */
const killsApartMs = 25_000
/** Starting two processes each, connections keep two cores busy. */
const startsAtOnce = 8

const answer = (text: string) =>
  Buffer.from(
    `{"jsonrpc":"2.0","id":@ID@,"result":{"resultType":"complete","content":[{"type":"text","text":"${text}"}]}}`,
  )
const quick = { answer: answer('done').toString('base64') }
const whoAreYou = { answer: answer('@PID@').toString('base64') }
const never = { hold: true }

/** Every fourth client comes over HTTP: there is not room for more (seats). */
const doors = [shimWire, shimWire, shimWire, legacyWire, shimWire, shimWire, shimWire, modernWire]

function limiter(limit: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    running++
    try {
      return await work()
    } finally {
      running--
      waiting.shift()?.()
    }
  }
}

/** True at most once in so many milliseconds. */
function seldom(ms: number) {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    if (performance.now() - last < ms) return false
    last = performance.now()
    return true
  }
}

/**
 * Runs a load: every client calls every server, some calls are cancelled, some wait for a person until they are, and now and then
 * a client vanishes or a server is killed. What happens depends on the seed alone; when it meets what else happens does not.
 */
export async function runLoad(target: Target, { clients, servers, calls }: Load, seed: number): Promise<Tally> {
  const tally: Tally = { sent: 0, fates: new Map(), vanished: 0, killed: 0 }
  const starting = limiter(startsAtOnce)

  function follow(call: Flying): Promise<Fate> {
    tally.sent++
    const done = Promise.race([call.fate, setTimeout(patienceMs, 'lost', { ref: false })])
    void done.then((fate) => tally.fates.set(fate, (tally.fates.get(fate) ?? 0) + 1))
    return done
  }

  async function worker(open: () => Promise<LoadWire>, next: () => number, mayKill: () => boolean) {
    let wire = await starting(open)
    const again = async () => {
      wire = await starting(open)
    }
    /** Kills the server that has a call. Over HTTP the call may come after the kill, and to the next server: then that one too. */
    const killServer = async () => {
      let ended = false
      const done = follow(wire.call('read_odd', never)).then(() => {
        ended = true
      })
      while (!ended) {
        const asked = wire.call('read_odd', whoAreYou)
        await follow(asked)
        const pid = Number(await asked.text.catch(() => ''))
        if (pid > 1) {
          process.kill(pid, 'SIGKILL')
          tally.killed++
        }
        await Promise.race([done, setTimeout(300)])
      }
    }
    for (let made = 0; made < calls; ) {
      const draw = next()
      if (draw < 0.84) {
        const batch = Array.from({ length: 5 }, () => wire.call(next() < 0.95 ? 'read_odd' : 'no_such_tool', quick))
        made += batch.length
        await Promise.all(batch.map(follow))
      } else if (draw < 0.93) {
        const tool = next() < 0.7 ? 'read_odd' : 'write_odd'
        const held = wire.call(tool, never)
        const done = follow(held)
        // At once, or when others have passed it.
        if (next() < 0.7) await follow(wire.call('read_odd', quick))
        held.cancel()
        made += 2
        await done
      } else if (draw < 0.97) {
        const passed = follow(wire.call('read_odd', quick))
        const tool = next() < 0.5 ? 'read_odd' : 'write_odd'
        const done = [never, quick, never].map((args) => follow(wire.call(tool, args)))
        made += 4
        if (next() < 0.5) await passed
        await wire.vanish()
        await Promise.all([passed, ...done])
        tally.vanished++
        await again()
      } else if (mayKill()) {
        made += 2
        await killServer()
        // The next call has a new process, or a new connection has.
        if (next() < 0.5) continue
        await wire.leave()
        await again()
      }
    }
    await wire.leave()
  }

  const turns = Array.from({ length: servers }, () => seldom(killsApartMs))
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const { tokenFor, ...where } = target
      const door = doors[client % doors.length] ?? shimWire
      const token = door === shimWire ? '' : await tokenFor(`load-${seed}-${client}`)
      await Promise.all(
        Array.from({ length: servers }, (_, server) =>
          worker(
            () => door({ ...where, token, server: `odd-${server}` }),
            random(seed + client * 100 + server),
            turns[server] ?? seldom(killsApartMs),
          ),
        ),
      )
    }),
  )
  return tally
}
