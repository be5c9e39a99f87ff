import { openLink, type PageClient } from './page-client.ts'

/** The approval page with a person at it, opened by an app that is signed in. */
export async function personThrough(app: PageClient, at: string, pin: string): Promise<PageClient> {
  const page = await openLink((await app.call('approvals.open', { at })).url ?? '')
  await page.call('presence.prove', { pin })
  return page
}

/**
 * The approval page with a person at it, by way of the app, as a person comes there. `printed`: what `toolgate open --print` said,
 * with the link to the app.
 */
export async function personAtPage(at: string, printed: string, pin: string): Promise<PageClient> {
  const app = await openLink(/http:\/\/\S+/.exec(printed)?.[0] ?? '')
  const page = await personThrough(app, at, pin)
  await app.close()
  return page
}

/**
 * Approves all tools of a server as proposed at the approval page, which alone approves those of tier 3. `printed`: what
 * `toolgate open --print` said, with the link to the app.
 */
export async function approveAtPage(name: string, printed: string, pin: string): Promise<void> {
  const page = await personAtPage(`/servers/${name}`, printed, pin)
  const server = (await page.call('servers.list', {})).find((it) => it.name === name)
  if (!server) throw new Error(`no server \`${name}\` is registered`)
  const { review_hash, tools } = await page.call('servers.review', { name, launch: server.launch })
  await page.call('servers.approve', { name, review_hash, tools: tools.map(({ tool }) => tool) })
  await page.close()
}
