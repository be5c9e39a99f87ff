import type { ApprovalView } from '../../../shared/approval.ts'

/** Requests of one client for one tool. */
export type RequestGroup = { key: string; first: ApprovalView; requests: ApprovalView[] }

/** Groups in the order of their oldest request, each with its requests from oldest to newest. */
export function groupRequests(requests: readonly ApprovalView[]): RequestGroup[] {
  const groups = new Map<string, RequestGroup>()
  for (const request of [...requests].sort(byAge)) {
    const { client, server, tool } = request
    const key = JSON.stringify([client.id, client.name, client.identity, server, tool])
    const group = groups.get(key)
    if (group) group.requests.push(request)
    else groups.set(key, { key, first: request, requests: [request] })
  }
  return [...groups.values()]
}

/** All requests in the order in which they are listed and stepped through. */
export function orderRequests(requests: readonly ApprovalView[]): ApprovalView[] {
  return groupRequests(requests).flatMap((group) => group.requests)
}

function byAge(a: ApprovalView, b: ApprovalView): number {
  return a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id)
}
