import { z } from 'zod'

const Normal = z.url({ protocol: /^https$/, normalize: true })
const example = 'such as `https://tools.example.com`'

/** An origin under which a proxy makes the gateway reachable, written as browsers and clients write it, so that it can be compared. */
export const PublicOrigin = z.string().superRefine((text, context) => {
  const message = wrongWith(text)
  if (message !== null) context.addIssue({ code: 'custom', message })
})

function wrongWith(text: string): string | null {
  if (!text.startsWith('https://')) return `it must begin with \`https://\`, ${example}`
  const { data } = Normal.safeParse(text)
  if (data === undefined) return `it is no address, ${example}`
  const [, origin = '', host = ''] = /^(https:\/\/(\[[^\]]*\]|[^/:?#@]*)(?::\d+)?)\//.exec(data) ?? []
  if (/^\[|^[\d.]+$/.test(host)) return `it must be a name, not the number of a machine, ${example}`
  if (host.endsWith('.')) return `its name must not end in a dot, ${example}`
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(host)) return `it must be the name of a host and nothing more, ${example}`
  if (/(^|\.)localhost$/.test(host)) return '`localhost` is this machine, which needs no public origin'
  // Capitals, the usual port, a path: two ways to write one origin would not be equal.
  return origin === text ? null : `write it as \`${origin}\`, and nothing more`
}
