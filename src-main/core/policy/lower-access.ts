import { type AccessPolicy, builtInAccess, emptyAccess, type Selection } from './access.ts'
import type { AccessFile, AccessPart, SelectionPart } from './access-file.ts'
import { emptyContent, type FileContent, type Home } from './file-content.ts'
import { compileGlob } from './glob.ts'
import { quote } from './quote.ts'
import type { DataPath } from './yaml-source.ts'

/** A file of access policies in the internal form; whether the policies that it binds exist shows only with all files. */
export function lowerAccess(file: AccessFile, homeOf: (path: DataPath) => Home): FileContent {
  const content = emptyContent()
  content.roles = file.user_roles ?? null
  file.access_policies?.forEach((part, index) => {
    const path = ['access_policies', index]
    content.ids.push({ of: 'access policy', id: part.id, path: [...path, 'id'] })
    const complaint = contradiction(part)
    if (complaint) content.complaints.push({ path, ...complaint })
    else content.access.push(toAccessPolicy(part, homeOf(path)))
  })
  file.bindings?.forEach(({ policy, clients = [], roles = [], tenant = null }, index) => {
    const path = ['bindings', index]
    content.bindings.push({ policy, clients, roles, tenant, path })
    if (clients.length + roles.length > 0) return
    const expected = '`clients`, `roles` or both'
    content.complaints.push({
      ...{ path, message: 'the binding does not say whom it binds', expected },
      suggestion: 'for example `clients: [editor]`',
    })
  })
  if (!file.access_policies && !file.bindings && file.user_roles === undefined) {
    const expected = '`access_policies`, `bindings` or `user_roles`'
    content.complaints.push({ path: [], message: 'the file says nothing', expected, suggestion: 'remove the file' })
  }
  return content
}

function contradiction(part: AccessPart) {
  if (Object.hasOwn(builtInAccess, part.id)) {
    return {
      key: 'id',
      message: `${quote(part.id)} is built in and cannot be changed, archived or removed`,
      expected: 'an id of its own',
      suggestion: 'choose another id, and bind that',
    }
  }
  if (part.allow_all === true && part.allow !== undefined) {
    return {
      key: 'allow',
      message: '`allow` means nothing beside `allow_all`',
      expected: '`allow_all` with `block`, or `allow`',
      suggestion: 'remove one of the two',
    }
  }
  if (part.allow_all !== true && part.allow === undefined) {
    return {
      key: 'id',
      message: 'the access policy does not say what it allows',
      expected: '`allow`, or `allow_all: true`',
      suggestion: 'to allow nothing, bind `mcp.empty`',
    }
  }
  return null
}

function toAccessPolicy(part: AccessPart, { origin, file, line }: Home): AccessPolicy {
  return {
    ...emptyAccess,
    ...{ id: part.id, origin, file, line, allowAll: part.allow_all ?? false },
    ...{ allow: toSelection(part.allow), block: toSelection(part.block) },
    maxClassification: part.max_classification ?? 'restricted',
    maxAction: part.max_action ?? 'destructive',
    archived: part.archived ?? false,
    description: part.description ?? null,
  }
}

function toSelection(part: SelectionPart | undefined): Selection {
  const { tools = [], modules = [], tags = [], prefixes = [] } = part ?? {}
  return { tools: tools.map(compileGlob), modules, tags, prefixes }
}
