/** What a definition, as JSON text, tells models about its tool; null where it says nothing. */
export function descriptionOf(definition: string): string | null {
  try {
    const value: unknown = JSON.parse(definition)
    if (typeof value !== 'object' || value === null || !('description' in value)) return null
    return typeof value.description === 'string' && value.description !== '' ? value.description : null
  } catch {
    return null
  }
}
