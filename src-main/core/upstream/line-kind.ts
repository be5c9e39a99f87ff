const [method, id] = ['"method"', '"id"'].map((text) => Buffer.from(text)) as [Buffer, Buffer]
/** Where the envelope of a long message is looked for: searching all of it would take longer than carrying it. */
const edge = 1024

/** Whether a text of the envelope may be in a line, as far as its beginning and end tell. */
export function mentions(line: Buffer, text: Buffer): boolean {
  if (line.length <= 4 * edge) return line.includes(text)
  return line.subarray(0, edge).includes(text) || line.subarray(-edge).includes(text)
}

/** Whether a line may ask or tell something, which answers do not. */
export function hasMethod(line: Buffer): boolean {
  return mentions(line, method)
}

/** Whether a line may ask or answer something. */
export function hasId(line: Buffer): boolean {
  return mentions(line, id)
}

/** A request has a method and an id; what it carries may have them too, which does no harm here. */
export function isRequest(line: Buffer): boolean {
  return line.includes(method) && line.includes(id)
}
