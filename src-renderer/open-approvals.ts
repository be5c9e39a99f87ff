import { CallFailure, call } from './call.ts'

/**
 * Opens the approval page at a place such as `/servers/files`: where the host has a window of its own for it, that comes to
 * the front; else it opens in a new tab, and for a request in a small window. Rejects with `CallFailure`.
 */
export async function openApprovals(at: string): Promise<void> {
  const { url } = await call('approvals.open', { at })
  if (url === null) return
  const target = new URL(url)
  // INVARIANT: the app sends nobody to another machine, whatever it is told.
  if (target.protocol !== 'http:' || !['127.0.0.1', 'localhost', '[::1]'].includes(target.hostname)) {
    throw new CallFailure('INTERNAL', 'the approval page is not on this machine', 'run `toolgate doctor`')
  }
  // `noopener` gives it no name by which this page could find it again, and so none is given.
  window.open(target, '_blank', at.startsWith('/approvals/') ? 'noopener,popup,width=440,height=680' : 'noopener')
}
