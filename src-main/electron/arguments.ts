/** How the app was started: on which profile, and without a window when a client's shim or the system started it. */
export type DesktopArguments = { profile: string | undefined; hidden: boolean }

/**
 * What of a command line is ours: `--profile DIR` and `--hidden`, the words that `toolgate serve --auto` has for a host with
 * windows. Everything else belongs to Chromium and is left alone.
 */
export function desktopArguments(words: readonly string[]): DesktopArguments {
  const at = words.indexOf('--profile')
  const joined = words.find((word) => word.startsWith('--profile='))?.slice('--profile='.length)
  const next = at < 0 ? undefined : words[at + 1]
  const profile = next !== undefined && !next.startsWith('--') ? next : joined
  return { profile, hidden: words.includes('--hidden') }
}

/** Switches of Chromium and Node that let another program drive the pages or this process, and so answer prompts. */
const openDoors =
  /^--(remote-debugging-(port|pipe|address)|remote-allow-origins|inspect(-\w+)*|js-flags|load-extension)\b/

/** The switches on a command line that an installed app refuses to run with. */
export function refusedSwitches(words: readonly string[]): string[] {
  return words.filter((word) => openDoors.test(word)).map((word) => word.split('=')[0] ?? word)
}
