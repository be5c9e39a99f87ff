import type { ApprovalView } from '../../../shared/approval.ts'

/** Requests of one client, that works for the same tenant, for one tool, with the same names and types of arguments. That says nothing of their values. */
export type RequestGroup = { key: string; first: ApprovalView; requests: ApprovalView[] }

/** Groups in the order of their oldest request, each with its requests from oldest to newest. */
export function groupRequests(requests: readonly ApprovalView[]): RequestGroup[] {
  const groups = new Map<string, RequestGroup>()
  for (const request of [...requests].sort(byAge)) {
    const { client, server, kind, tool, level } = request
    const who = [client.id, client.name, client.identity, client.tenant]
    const key = JSON.stringify([...who, server, kind, tool, level, shapeOf(request)])
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

/** Shapes of what is listed, by what was shown: the list comes anew with every change, its arguments stay. */
const shapes = new Map<string, string>()
const mostKept = 1_000
const mostNames = 200

function shapeOf({ id, arguments: text, shown_hash }: ApprovalView): string {
  const key = `${id} ${shown_hash}`
  const known = shapes.get(key)
  if (known !== undefined) return known
  if (shapes.size >= mostKept) shapes.clear()
  const shape = argumentShape(text)
  shapes.set(key, shape)
  return shape
}

function argumentShape(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return typeof value
    const members = Object.entries(value).map(([name, member]) => `${name}: ${typeOf(member)}`)
    return JSON.stringify(members.sort().slice(0, mostNames))
  } catch {
    return 'no JSON'
  }
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}
