import { openLink } from './page-client.ts'

/**
 * Approves all tools of a server as proposed at the approval page, which alone approves those of tier 3. `printed`: what
 * `toolgate open --print` said, with the link to the app.
 */
export async function approveAtPage(name: string, printed: string, pin: string): Promise<void> {
  const app = await openLink(/http:\/\/\S+/.exec(printed)?.[0] ?? '')
  const { url } = await app.call('approvals.open', { at: `/servers/${name}` })
  const page = await openLink(url ?? '')
  await page.call('presence.prove', { pin })
  const server = (await page.call('servers.list', {})).find((it) => it.name === name)
  if (!server) throw new Error(`no server \`${name}\` is registered`)
  const { review_hash, tools } = await page.call('servers.review', { name, launch: server.launch })
  await page.call('servers.approve', { name, review_hash, tools: tools.map(({ tool }) => tool) })
  await page.close()
  await app.close()
}
