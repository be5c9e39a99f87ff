import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { type AppHost, appHost } from './app-host.ts'
import { openLink, type PageClient } from './page-client.ts'
import type { RawClient } from './raw-client.ts'

/** The PIN of its person. */
export const pin = '739154'
const notes = join(import.meta.dirname, 'servers', 'notes-server.mjs')

/** What `readyHost` gives. */
export type ReadyHost = AppHost & {
  /** Starts the gateway; the first time also enrols a PIN and has the server `notes` approved. Gives the app as a person has it open. */
  ready: () => Promise<PageClient>
  /** A client that has said hello to `notes`. */
  greeted: () => Promise<RawClient>
  /** Opens a place of the app in a browser's page, in the session that `ready` gave. */
  letIn: (page: Page, at: string) => Promise<void>
  /** Answers the call that waits, at the approval page; waits until one does. */
  answer: (answer: 'approve' | 'deny', reason?: string) => Promise<void>
}

/** The built gateway with its pages, a PIN, and one small server that is approved; `env` is that of the server. For the tests of one file. */
export function readyHost(policy: string, env: Record<string, string> = {}): ReadyHost {
  const host = appHost(policy)
  let app: PageClient
  let approval: PageClient
  let address = ''
  let before = false
  return {
    ...host,
    async ready() {
      const link = await host.start()
      address = `${new URL(link).origin}/`
      app = await openLink(link)
      approval = await openLink((await app.call('approvals.open', { at: '/' })).url ?? '')
      if (!before) await approval.call('presence.enroll', { pin })
      if (!(await approval.call('presence.state', {})).present) await approval.call('presence.prove', { pin })
      if (!before) await addNotes(app, approval, host.folder, env)
      before = true
      return app
    },
    async greeted() {
      const client = host.connect('notes')
      await client.initialize()
      return client
    },
    async letIn(page, at) {
      await page.addInitScript(`sessionStorage.setItem('toolgate.session', ${JSON.stringify(app.session)})`)
      await page.goto(`${address}#${at}`)
    },
    async answer(answer, reason = '') {
      let [view] = await approval.call('approvals.list', {})
      while (view === undefined) {
        await setTimeout(20)
        view = (await approval.call('approvals.list', {}))[0]
      }
      const { id, shown_hash } = view
      const { ticket, armed_in_ms } = await approval.call('approvals.show', { id })
      await setTimeout(armed_in_ms)
      await approval.call('approvals.answer', { id, answer, shown_hash, reason, ticket })
    },
  }
}

/** Registers, reviews and approves the server, every tool as proposed. */
async function addNotes(
  app: PageClient,
  approval: PageClient,
  folder: string,
  env: Record<string, string>,
): Promise<void> {
  const launch = { transport: 'stdio' as const, command: process.execPath, args: [notes], env, cwd: folder }
  const about = { trust_level: 'restricted' as const, environment: 'test', risk_tags: ['non_prod'] }
  const added = await app.call('servers.add', { name: 'notes', launch, ...about })
  const { review_hash, tools } = await approval.call('servers.review', { name: 'notes', launch: added.launch })
  await approval.call('servers.approve', { name: 'notes', review_hash, tools: tools.map(({ tool }) => tool) })
}
