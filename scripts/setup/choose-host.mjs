// Answers: which host `npm start` runs, the desktop app or the headless gateway; or what has to be found out or done first.

/**
 * What is known so far; `source` and `fetched` stay null until somebody has looked, or tried.
 * @typedef {{
 *   wanted: 'best' | 'headless' | 'electron',
 *   desktopBuild: boolean,
 *   screen: boolean,
 *   sandbox: boolean,
 *   binary: string | null,
 *   place: string | null,
 *   now: number,
 *   lastFailure: { at: number, why: string } | null,
 *   source: Source | null,
 *   fetched: { ok: false, why: string } | null,
 * }} Facts
 *
 * Where Electron's binary could come from. `bytes`: size of the download, where the answer told it; 0 for one that lies in
 * the cache. `slow`: finding out took all the time it may take.
 * @typedef {{ ok: true, bytes: number | null } | { ok: false, why: string, slow: boolean }} Source
 *
 * @typedef {{ do: 'electron', binary: string }
 *   | { do: 'headless', note: string | null }
 *   | { do: 'look' }
 *   | { do: 'fetch', bytes: number | null }
 *   | { do: 'refuse', message: string, hint: string }} Step
 */

/** A fetch that failed is not tried again for this long, unless somebody insists: it cost the person time. */
const patienceMs = 24 * 3_600_000

/**
 * The next step from what is known. Pure: after `look` and `fetch` it is asked again with what came of them. `headless` is
 * what remains when the desktop app cannot run, and its note says why; who insists on the app is refused instead.
 * @param {Facts} facts
 * @returns {Step}
 */
export function chooseHost(facts) {
  if (facts.wanted === 'headless') return { do: 'headless', note: null }
  const obstacle = obstacleOf(facts)
  if (obstacle) return without(facts, obstacle)
  if (facts.binary !== null) return { do: 'electron', binary: facts.binary }
  const missing = missingFor(facts)
  if (missing) return without(facts, missing)
  if (facts.source === null) return { do: 'look' }
  if (facts.source.ok) return { do: 'fetch', bytes: facts.source.bytes }
  return without(facts, {
    why: `Electron cannot be fetched: ${facts.source.why}`,
    hint: 'check the network, or name a mirror in ELECTRON_MIRROR',
  })
}

/**
 * Whether a failure is worth remembering: one that cost the person time, so not a host that refused at once.
 * @param {Facts} facts
 */
export function costTime({ source, fetched }) {
  return fetched !== null || (source !== null && !source.ok && source.slow)
}

/** @typedef {{ why: string, hint: string }} Reason */

/**
 * Why no binary, however fresh, could run here.
 * @param {Facts} facts
 * @returns {Reason | null}
 */
function obstacleOf({ desktopBuild, screen, sandbox }) {
  if (!desktopBuild) return { why: 'it is not part of this build', hint: 'leave `--electron` out' }
  if (!screen) {
    return {
      why: 'there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set',
      hint: 'run it in a graphical session, or leave `--electron` out',
    }
  }
  if (!sandbox) {
    return {
      why: 'Electron does not run as root, because its sandbox needs an ordinary user',
      hint: 'run it as an ordinary user, or leave `--electron` out',
    }
  }
  return null
}

/**
 * Why there is no binary, as far as that needs no further look.
 * @param {Facts} facts
 * @returns {Reason | null}
 */
function missingFor({ wanted, place, now, lastFailure, fetched }) {
  if (place !== null) {
    return {
      why: `there is no Electron in \`${place}\`, which ELECTRON_OVERRIDE_DIST_PATH names`,
      hint: 'correct or unset ELECTRON_OVERRIDE_DIST_PATH',
    }
  }
  if (fetched) {
    return {
      why: `Electron could not be fetched: ${fetched.why}`,
      hint: 'check the network, or name a mirror in ELECTRON_MIRROR',
    }
  }
  const age = lastFailure === null ? Number.POSITIVE_INFINITY : now - lastFailure.at
  // A clock that was set back makes an age negative: then the note says nothing.
  if (lastFailure === null || wanted === 'electron' || age < 0 || age >= patienceMs) return null
  return {
    why: `Electron could not be fetched ${ago(age)}: ${lastFailure.why}; \`npm start -- --electron\` tries again now`,
    hint: '',
  }
}

/**
 * @param {Facts} facts
 * @param {Reason} reason
 * @returns {Step}
 */
function without({ wanted }, { why, hint }) {
  if (wanted === 'electron') return { do: 'refuse', message: `the desktop app cannot run: ${why}`, hint }
  return { do: 'headless', note: `no desktop app (${why}), so this is the gateway without its window` }
}

/** @param {number} ms */
function ago(ms) {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 2) return 'a moment ago'
  return minutes < 120 ? `${minutes} minutes ago` : `${Math.floor(minutes / 60)} hours ago`
}
