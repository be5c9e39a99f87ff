import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where everything of one demo lies: a fresh profile, and files for an agent to work on. */
export type DemoFolder = {
  path: string
  profile: string
  /** All that the files server may reach, `workspace` included. */
  home: string
  /** The part of it that policy leaves to the agent. */
  workspace: string
  policy: string
  remove: () => void
}

/** Makes the folder with the files and the policy. `patient`: a waiting call stays open for a day. */
export function makeFolder({ patient }: { patient: boolean }): DemoFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-demo-')))
  const [profile, home] = [join(path, 'profile'), join(path, 'home')]
  const workspace = join(home, 'workspace')
  mkdirSync(join(profile, 'policy'), { recursive: true, mode: 0o700 })
  mkdirSync(workspace, { recursive: true })
  writeFileSync(join(home, 'diary.txt'), 'Nobody but me reads or writes this.\n')
  writeFileSync(join(workspace, 'todo.txt'), 'buy milk\nwater the plants\n')
  writeFileSync(join(workspace, 'ideas.txt'), 'a bench in the garden\n')
  const policy = policyText(workspace)
  writeFileSync(join(profile, 'policy', 'demo.yaml'), policy, { mode: 0o600 })
  if (patient) writeFileSync(join(profile, 'settings.json'), JSON.stringify({ expires_sec: 86_400 }), { mode: 0o600 })
  return {
    ...{ path, profile, home, workspace, policy },
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** The strictest rule that matches decides; what no rule matches is denied. */
function policyText(workspace: string): string {
  const inside = JSON.stringify(`${workspace}/`)
  return `version: v1
rules:
  - id: reads-are-fine
    match: { labels: { mcp.action: read } }
    decision: ALLOW
  - id: changes-wait-for-me
    match: { labels: { mcp.action: [write, destructive] } }
    decision: REQUIRE_APPROVAL
    level: 2
  - id: stay-in-the-workspace
    match: { labels: { mcp.server: files } }
    when: >-
      resource.paths.exists(p, !p.startsWith(${inside}))
    decision: DENY
    reason: agents work in the workspace folder only
`
}
