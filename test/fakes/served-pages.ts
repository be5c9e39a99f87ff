import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Clock, Log } from '../../src-main/core/ports.ts'
import { createHostPages } from '../../src-main/headless/pages/host-pages.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { rememberedPorts } from '../../src-main/host/remembered-ports.ts'
import { fileSecrets } from '../../src-main/host/secrets.ts'
import { testFolder } from './folder.ts'
import { startGateway } from './gateway.ts'
import { connectPage, partsOf, writePages } from './pages.ts'

/** A real core whose pages are served for real, in this process; `clock` is that of the pages alone. */
export async function servedPages(clock: Clock = systemClock) {
  const folder = testFolder()
  const profile = join(folder, 'profile')
  const logged: string[] = []
  const note: Log['info'] = (message, fields) => void logged.push(`${message} ${JSON.stringify(fields ?? {})}`)
  const log: Log = { info: note, warn: note, error: note }
  const ports = rememberedPorts(fileSecrets(profile))
  const pages = createHostPages({ folder: writePages(join(folder, 'renderer')), ports, clock, log })
  const gateway = await startGateway({ profile, ports: { pages: pages.port } })
  onTestFinished(async () => {
    await pages.close()
    await gateway.close()
  })
  await pages.open(gateway.core.pages)
  const { app = 0, approval = 0 } = ports.get()
  const links = { app: () => pages.port.appLink(), approval: () => pages.port.openApprovals('/') ?? '' }

  return {
    ...{ pages, gateway, logged, app, approval },
    nonce: (door: 'app' | 'approval') => partsOf(links[door]()).nonce,

    /** A page of this door that has just signed in, and its session. */
    async signedIn(door: 'app' | 'approval') {
      const { port, nonce } = partsOf(links[door]())
      const page = await connectPage(port)
      const { session } = await page.signIn(nonce)
      return { ...page, session: String(session) }
    },
  }
}
