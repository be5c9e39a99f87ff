/** The one channel between pages and this process; lines of `shared/page-link.ts` go both ways on it, and nothing else. */
export const channel = 'toolgate'
