/** The address of every page and object of the app, so that each can link to its neighbours. */
export const places = {
  overview: '/',
  /** The first steps; reachable for good, shown on the overview while some are left. */
  start: '/start',
  activity: '/activity',
  call: (id: string) => `/activity/${encodeURIComponent(id)}`,
  approvals: '/approvals',
  grants: '/approvals/grants',
  noise: '/approvals/noise',
  servers: '/servers',
  server: (name: string) => `/servers/${encodeURIComponent(name)}`,
  /** No server can be called `+`. */
  addServer: '/servers/+',
  editServer: (name: string) => `/servers/+/${encodeURIComponent(name)}`,
  tool: (server: string, tool: string) => `/servers/${encodeURIComponent(server)}/${encodeURIComponent(tool)}`,
  policies: '/policies',
  rule: (id: string) => `/policies/rule/${encodeURIComponent(id)}`,
  policyLine: (file: string, line: number) => `/policies/file/${encodeURIComponent(file)}/${line}`,
  editPolicy: '/policies/edit',
  editFile: (file: string, line = 0) => `/policies/edit/${encodeURIComponent(file)}${line > 0 ? `/${line}` : ''}`,
  /** Why policy decides calls as it does, and one of them. */
  tryPolicy: '/policies/try',
  tryCall: (id: string) => `/policies/try/${encodeURIComponent(id)}`,
  replay: '/policies/replay',
  suggestions: '/policies/suggestions',
  policyHistory: '/policies/history',
  pastPolicy: (hash: string, since?: string) =>
    `/policies/history/${hash}${since === undefined ? '' : `/${encodeURIComponent(since)}`}`,
  clients: '/clients',
  client: (id: string) => `/clients/${encodeURIComponent(id)}`,
  /** What was stopped, and other things to look into. */
  incidents: '/incidents',
  incident: (id: string) => `/incidents/${encodeURIComponent(id)}`,
} as const

/** Whether the router's location is this place. The router decodes what it can, so that names are compared decoded. */
export function isAt(location: string, place: string): boolean {
  return location === place || location === decoded(place)
}

function decoded(place: string): string {
  try {
    return decodeURI(place)
  } catch {
    return place
  }
}
