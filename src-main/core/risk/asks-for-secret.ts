const secret =
  /pass(word|phrase|code|wd)|\bpwd\b|secret|credential|private[ _-]?key|api[ _-]?key|access[ _-]?key|token|\b(pin|otp|cvv|cvc|iban|ssn|mfa|2fa)\b|card[ _-]?number|social security/i

/** How much of a form is looked at. */
const most = { properties: 500, text: 4_000 }

/**
 * What a server's form asks for that a form must not ask for (elicitation, form mode: "MUST NOT be used to request sensitive
 * information"): the words that give it away, or null. `params` are those of `elicitation/create`.
 */
export function asksForSecret(params: Record<string, unknown>): string | null {
  if (params.mode === 'url') return null
  const { requestedSchema, message } = params
  const properties = (requestedSchema as { properties?: unknown } | undefined)?.properties
  const named = typeof properties === 'object' && properties !== null ? Object.entries(properties) : []
  if (named.length > most.properties) return 'too many fields to look at'
  for (const [name, field] of named) {
    const { title, description, format } = (field ?? {}) as Record<string, unknown>
    const found = [name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' '), title, description, format].find(
      (text) => typeof text === 'string' && secret.test(text.slice(0, most.text)),
    )
    if (found !== undefined) return `a field \`${name.slice(0, 80)}\``
  }
  return typeof message === 'string' && secret.test(message.slice(0, most.text)) ? 'its message' : null
}
