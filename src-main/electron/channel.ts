/**
 * The one channel between pages and this process. Lines of `shared/page-link.ts` go both ways on it, and to the approval page
 * `{"sight":true}` when its window is shown or brought forward, `{"sight":false}` when it is hidden; nothing else.
 */
export const channel = 'toolgate'
