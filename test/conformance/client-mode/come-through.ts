import { person, startGateway } from '../../fakes/gateway.ts'
import type { Asked } from '../client-host.ts'
import { allPolicy } from '../governed.ts'
import { connectDirectly, connectThrough, type Door, newClient } from './connect.ts'
import { type Context, scripts } from './script.ts'

/**
 * Is the reference client in a scenario of the suite. With the door `direct` it comes to the suite's server alone; otherwise a real core on
 * a fresh profile gets that as a server over HTTP, registered and approved, and the same client comes to it through that door. So what the
 * suite sees is what Toolgate sends.
 */
export async function comeThrough(door: Door, { url, scenario, revision, context }: Asked): Promise<void> {
  const script = scripts[scenario]
  if (!script) throw new Error(`no script for the scenario \`${scenario}\``)
  const client = newClient(revision)
  const gateway = door === 'direct' ? null : await startGateway({ policy: allPolicy, http: { port: 0 } })
  try {
    if (gateway) {
      await gateway.addRemote('suite', url)
      const { token } = await gateway.core.handlers['tokens.create']({ name: 'suite' }, person)
      const { http } = await gateway.core.handlers.status({}, person)
      await connectThrough(client, door, { profile: gateway.profile, server: 'suite', http: http ?? '', token })
    } else {
      await connectDirectly(client, url)
    }
    await script(client, context as Context)
    await client.close()
  } finally {
    await gateway?.close()
  }
}
