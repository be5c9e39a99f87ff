/** A text as CEL writes it. */
export function literal(text: string): string {
  const escaped = text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return `'${escaped}'`
}

/** The condition (CEL) that a call names paths, and all of them lie in a folder. */
export function inFolder(folder: string): string {
  const slash = folder.includes('\\') ? '\\' : '/'
  return `size(resource.paths) > 0 && resource.paths.all(p, p == ${literal(folder)} || p.startsWith(${literal(folder + slash)}))`
}
