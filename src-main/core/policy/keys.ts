import { rateScopes } from '../../../shared/constraints.ts'
import { alerts, effects } from '../../../shared/decision.ts'
import { actions, classifications } from '../../../shared/envelope.ts'
import { riskFactorNames } from '../../../shared/risk-factors.ts'
import { kinds } from '../../../shared/traffic.ts'
import { boundNames } from './bounds.ts'
import { patternActions } from './pattern-file.ts'
import { quoteList } from './quote.ts'

const aName = 'a unique name of 1–100 letters, digits, `.`, `_`, `-`, `:` or `/` that starts with a letter or digit'

/** What a key of a policy file takes, in words, and one right example; every message about a key uses these. */
export const keyHelp: Record<string, { expected: string; example: string }> = {
  version: { expected: '`v1`', example: 'version: v1' },
  default: { expected: '`deny` or `by_risk`', example: 'default: deny' },
  description: { expected: 'text of at most 1000 characters', example: 'description: what this is for' },
  rules: { expected: 'a list of at least one rule', example: 'rules: [{ id: …, match: …, decision: DENY }]' },
  id: { expected: aName, example: 'id: deny-shell' },
  match: {
    expected: 'a map with `labels`, `risk_tags` or `mcp`',
    example: 'match: { labels: { mcp.action: write } }',
  },
  labels: {
    expected: 'a map with `mcp.server`, `mcp.tool`, `mcp.action`, `mcp.kind` or `mcp.name`',
    example: 'labels: { mcp.server: "*" }',
  },
  'mcp.server': { expected: 'a server name or pattern, or a list of them', example: 'mcp.server: ["github", "jira"]' },
  'mcp.tool': { expected: 'a tool name or pattern, or a list of them', example: 'mcp.tool: "delete_*"' },
  'mcp.action': { expected: `${quoteList([...actions, '*'])}, or a list of them`, example: 'mcp.action: write' },
  'mcp.kind': { expected: `${quoteList([...kinds, '*'])}, or a list of them`, example: 'mcp.kind: resource' },
  'mcp.name': {
    expected: 'the name of a tool or prompt, the URI of a resource, a pattern, or a list of them',
    example: 'mcp.name: "file:///srv/*"',
  },
  risk_tags: { expected: 'a tag or a list of tags, without wildcards', example: 'risk_tags: ["prod"]' },
  mcp: { expected: 'a map with `deny_servers_not_in`', example: 'mcp: { deny_servers_not_in: ["github"] }' },
  deny_servers_not_in: {
    expected: 'a list of at least one server name or pattern',
    example: 'deny_servers_not_in: ["github"]',
  },
  when: { expected: 'a condition in CEL of at most 4000 characters', example: 'when: environment == "prod"' },
  decision: { expected: quoteList([...effects].reverse()), example: 'decision: DENY' },
  level: { expected: 'a whole number from 1 to 5', example: 'level: 2' },
  accept_risk: { expected: 'a risk score from 0 to 100', example: 'accept_risk: 80' },
  reason: { expected: 'text of at most 500 characters', example: 'reason: production is changed by people' },
  priority: { expected: 'a whole number from -1000000 to 1000000', example: 'priority: 100' },
  constraints: {
    expected: `a map with ${quoteList(boundNames)}`,
    example: 'constraints: { max_runtime_sec: 30 }',
  },
  max_runtime_sec: { expected: 'a whole number of seconds from 1 to 86400', example: 'max_runtime_sec: 30' },
  max_retries: { expected: 'a whole number from 0 to 10', example: 'max_retries: 1' },
  rate_limit: {
    expected: 'a map with `max_calls`, `per_sec` and `by`, or a list of them',
    example: 'rate_limit: { max_calls: 30, per_sec: 60, by: client }',
  },
  max_calls: { expected: 'a whole number of calls from 1', example: 'max_calls: 30' },
  per_sec: { expected: 'a whole number of seconds from 1 to 86400', example: 'per_sec: 60' },
  by: { expected: quoteList(rateScopes), example: 'by: client' },
  max_bytes: { expected: 'a whole number of bytes from 1 to 1073741824', example: 'max_bytes: 65536' },
  max_rows: { expected: 'a whole number of rows from 1 to 10000000', example: 'max_rows: 100' },
  network_allowlist: {
    expected: 'a list of host names without wildcards; an empty list means no network',
    example: 'network_allowlist: ["api.github.com"]',
  },
  read_paths: {
    expected: 'a list of absolute folders without `..`; an empty list means no files',
    example: 'read_paths: ["/srv/reports"]',
  },
  write_paths: {
    expected: 'a list of absolute folders without `..`; an empty list means no files',
    example: 'write_paths: ["/srv/reports/out"]',
  },
  read_only: { expected: '`true` or `false`', example: 'read_only: true' },
  blocked_tables: { expected: 'a list of table names', example: 'blocked_tables: [billing.payment_methods]' },
  require_where_clause: { expected: '`true` or `false`', example: 'require_where_clause: true' },
  approvals: {
    expected: 'a list of levels, each with `groups`, `answers`, `own` or `in_client`',
    example: 'approvals: [{ level: 3, groups: [security] }]',
  },
  groups: { expected: 'a list of role groups, without wildcards', example: 'groups: [security]' },
  answers: { expected: 'a whole number of people from 1 to 20', example: 'answers: 2' },
  own: { expected: '`true` or `false`', example: 'own: false' },
  risk: { expected: 'a map with `points`', example: 'risk: { points: { action.destructive: 60 } }' },
  points: {
    expected: 'a map with factors of risk, each with 0 to 100 points',
    example: 'points: { action.destructive: 60 }',
  },
  ...Object.fromEntries(
    riskFactorNames.map((name) => [
      name,
      { expected: 'a whole number of points from 0 to 100', example: `${name}: 20` },
    ]),
  ),
  observe: { expected: '`forbidden`, or the key left out', example: 'observe: forbidden' },
  mask_fields: { expected: 'a list of names of fields', example: 'mask_fields: [email, phone]' },
  ...ofToolFiles(),
  ...ofPatternPolicies(),
  ...ofAccessFiles(),
}

type Help = typeof keyHelp

function ofToolFiles(): Help {
  const yesOrNo = '`true` or `false`'
  return {
    tool: { expected: 'the name of a tool, alone or after its server and a dot', example: 'tool: database.query' },
    server: { expected: 'a server name or pattern', example: 'server: database' },
    roles: { expected: 'a list of role groups, without wildcards', example: 'roles: [on-call]' },
    dlp: { expected: 'a map with `scan_response` or `mask_fields`', example: 'dlp: { mask_fields: [email] }' },
    scan_response: { expected: yesOrNo, example: 'scan_response: true' },
    audit: {
      expected: 'a map with `log_full_query`, `log_response_hash` or `alert_on`',
      example: 'audit: { alert_on: [large_result_set] }',
    },
    log_full_query: { expected: yesOrNo, example: 'log_full_query: true' },
    log_response_hash: { expected: yesOrNo, example: 'log_response_hash: true' },
    alert_on: { expected: `a list of ${quoteList(alerts)}`, example: 'alert_on: [large_result_set]' },
    review: { expected: 'a map with `next_review` or `owner`', example: 'review: { next_review: "2027-01-31" }' },
    next_review: { expected: 'a day as year-month-day', example: 'next_review: "2027-01-31"' },
    owner: { expected: 'text of at most 200 characters', example: 'owner: security-team' },
  }
}

function ofPatternPolicies(): Help {
  const patterns = (key: string, example: string) => ({
    [key]: { expected: 'a list of at least one pattern', example: `"${key}": ["${example}"]` },
  })
  return {
    policy_id: { expected: aName, example: '"policy_id": "block-writes"' },
    policy_name: { expected: 'text of 1–200 characters', example: '"policy_name": "Block Sensitive File Writes"' },
    policy_description: { expected: 'text of at most 1000 characters', example: '"policy_description": "what for"' },
    ...patterns('server_patterns', '*'),
    ...patterns('namespace_patterns', 'filesystem'),
    ...patterns('verb_patterns', 'write_*'),
    ...patterns('resource_patterns', '/etc/*'),
    risk_threshold: { expected: 'a risk score from 0 to 100', example: '"risk_threshold": 50' },
    action: { expected: quoteList(patternActions), example: '"action": "DENY"' },
    required_approval_level: { expected: 'a whole number from 1 to 5', example: '"required_approval_level": 2' },
    compliance_framework: { expected: 'text, or a list of texts', example: '"compliance_framework": "PCI-DSS"' },
    is_active: { expected: '`true` or `false`', example: '"is_active": true' },
  }
}

function ofAccessFiles(): Help {
  const selection = 'a map with `tools`, `modules`, `tags` or `prefixes`'
  return {
    access_policies: { expected: 'a list of at least one access policy', example: 'access_policies: [{ id: … }]' },
    bindings: {
      expected: 'a list of at least one binding',
      example: 'bindings: [{ policy: mcp.read_only, clients: [editor] }]',
    },
    user_roles: { expected: 'a list of role groups, without wildcards', example: 'user_roles: [on-call]' },
    allow_all: { expected: '`true` or `false`', example: 'allow_all: true' },
    allow: { expected: selection, example: 'allow: { tools: ["github.get_*"] }' },
    block: { expected: selection, example: 'block: { tags: [billing] }' },
    tools: { expected: 'a list of names or patterns', example: 'tools: ["github.get_*", create_issue]' },
    modules: { expected: 'a list of names, without wildcards', example: 'modules: [tickets]' },
    tags: { expected: 'a list of tags, without wildcards', example: 'tags: [billing]' },
    prefixes: { expected: 'a list of beginnings of names, without wildcards', example: 'prefixes: ["jira.search_"]' },
    max_classification: { expected: quoteList(classifications), example: 'max_classification: internal' },
    max_action: { expected: quoteList(actions), example: 'max_action: read' },
    archived: { expected: '`true` or `false`', example: 'archived: true' },
    policy: { expected: 'the id of an access policy', example: 'policy: mcp.read_only' },
    clients: { expected: 'a list of ids or names of clients', example: 'clients: [editor]' },
    tenant: {
      expected: 'the name of one tenant: 1–80 letters, digits, `.`, `_` or `-`, starting with a letter or digit',
      example: 'tenant: acme',
    },
  }
}
