/** A text as CEL writes it. */
export function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}

/** The condition (CEL) that a call names paths, and all of them lie in a folder. */
export function inFolder(folder: string): string {
  const slash = folder.includes('\\') ? '\\' : '/'
  return `size(resource.paths) > 0 && resource.paths.all(p, p == ${literal(folder)} || p.startsWith(${literal(folder + slash)}))`
}
