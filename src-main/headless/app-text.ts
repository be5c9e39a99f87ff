import {
  consentLead,
  networkWords,
  purposeWords,
  reachWords,
  redirectWords,
  rightsWords,
  type Said,
  tenantReach,
  warningWords,
  whoWords,
} from '../../shared/consent-words.ts'
import type { ConsentView } from '../../shared/consents.ts'
import { printable } from '../../shared/printable.ts'
import { asTyped } from './command-name.ts'
import { distance } from './format.ts'

const plain = (said: Said) => printable(said.map(({ text }) => text).join(''))

/** Everything a person needs to decide about an app that asks to be let in, in the words of the approval page. */
export function appLines(view: ConsentView, now: number): string[] {
  const asked = distance(Date.parse(view.asked_at), now)
  const left = distance(now, Date.parse(view.expires_at))
  const [rights, network] = [rightsWords(view), networkWords(view)]
  return [
    `${printable(view.app)} asks to connect${network === null ? '' : ' over the network'}`,
    ...(network === null ? [] : [`! Not from this machine. ${printable(network)} ${printable(view.code ?? '')}`]),
    `  ${consentLead}`,
    `  request    ${printable(view.id)}, asked ${asked} ago, over by itself in ${left}`,
    `  client     ${printable(view.client)}`,
    `  says so    ${plain(whoWords(view))}`,
    `  purpose    ${plain(purposeWords(view))}`,
    `  answer     ${printable(redirectWords(view))}`,
    `             ${printable(view.redirect.uri)}`,
    ...tenantLines(view),
    `  tools      ${printable(reachWords(view))}`,
    ...toolLines(view),
    ...(rights ? [`  rights     ${plain(rights)}`] : []),
    ...warningWords(view).map((said) => `! ${plain(said)}`),
  ]
}

/** For whom it would work, and for whom else a person could let it. */
function tenantLines({ id, tenant, tenants }: ConsentView): string[] {
  const reach = tenantReach({ tenant, tenants })
  if (reach === null) return []
  // The whole command: it is shown by commands that take no tenant, too.
  const choosing = asTyped(`\`toolgate apps allow ${id} --tenant …\` chooses another: `)
  return [
    `  works for  ${printable(tenant ?? 'nobody in particular')}${tenants.length === 0 ? ' (as it asks)' : ''}`,
    ...(tenants.length === 0 ? [] : [`             ${choosing}${printable(tenants.join(', '))}`]),
    `             ${printable(reach)}`,
  ]
}

/** The tools that it could call, a line for each server. */
function toolLines({ tools }: ConsentView): string[] {
  const servers = [...new Set(tools.map(({ server }) => server))]
  return servers.map((server) => {
    const counts = tools.filter((each) => each.server === server).map(({ action, count }) => `${count} ${action}`)
    return `             ${printable(server)}: ${counts.join(', ')}`
  })
}
