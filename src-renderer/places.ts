/** The address of every page and object of the app, so that each can link to its neighbours. */
export const places = {
  overview: '/',
  activity: '/activity',
  call: (id: string) => `/activity/${encodeURIComponent(id)}`,
  approvals: '/approvals',
  servers: '/servers',
  server: (name: string) => `/servers/${encodeURIComponent(name)}`,
  policies: '/policies',
  clients: '/clients',
} as const
