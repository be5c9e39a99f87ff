import { audit } from './001-audit.ts'
import { registry } from './002-registry.ts'
import { policy } from './003-policy.ts'
import { tokens } from './004-tokens.ts'
import { toolApprovals } from './005-tool-approvals.ts'
import { risk } from './006-risk.ts'
import { policyTools } from './007-policy-tools.ts'
import { grants } from './008-grants.ts'
import { people } from './009-people.ts'
import { prompts } from './010-prompts.ts'
import { contents } from './012-contents.ts'
import { clientEdits } from './013-client-edits.ts'
import { stop } from './014-stop.ts'
import { oauth } from './015-oauth.ts'
import { grantUses } from './016-grant-uses.ts'
import { clientPurpose } from './017-client-purpose.ts'
import { auditStreams } from './018-audit-streams.ts'
import { publicOrigin } from './019-public-origin.ts'
import { appAccesses } from './020-app-accesses.ts'
import { policyReadings } from './021-policy-readings.ts'

/** In order; a released one never changes. `user_version` counts how many have run. */
export const migrations: readonly string[] = [
  audit,
  registry,
  policy,
  tokens,
  toolApprovals,
  risk,
  policyTools,
  grants,
  prompts,
  contents,
  clientEdits,
  stop,
  oauth,
  people,
  grantUses,
  clientPurpose,
  auditStreams,
  publicOrigin,
  appAccesses,
  policyReadings,
]
