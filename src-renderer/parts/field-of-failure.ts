/** A field of the form that registers a server; `form` is the form as a whole. */
export type ServerField = 'name' | 'line' | 'url' | 'headers' | 'folder' | 'env' | 'environment' | 'tags' | 'form'

const byPath: readonly (readonly [pattern: RegExp, field: ServerField])[] = [
  [/→ at name\b/, 'name'],
  [/→ at launch\.env\b/, 'env'],
  [/→ at launch\.url\b/, 'url'],
  [/→ at launch\.headers\b|the header `/, 'headers'],
  [/→ at launch\.cwd\b/, 'folder'],
  [/→ at launch\b/, 'line'],
  [/→ at environment\b/, 'environment'],
  [/→ at risk_tags\b/, 'tags'],
  [/its folder `/, 'folder'],
  [/URL|is not https|without encryption|never sent|the host `|leads to addresses/, 'url'],
  [/was not found in the PATH|cannot be run|is not a file|may not be run/, 'line'],
]

/** Which field a refusal of `servers.add` is about, so that it can be shown where the mistake is. */
export function fieldOfFailure({ code, message }: { code: string; message: string }): ServerField {
  if (code === 'ALREADY_APPROVED') return 'name'
  return byPath.find(([pattern]) => pattern.test(message))?.[1] ?? 'form'
}
