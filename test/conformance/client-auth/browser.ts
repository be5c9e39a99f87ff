/** A browser without a person: follows where a sign-in leads. */
export async function browse(url: string): Promise<void> {
  for (let at: string | null = url; at !== null; ) {
    const res: Response = await fetch(at, { redirect: 'manual' })
    await res.text()
    const next: string | null = res.headers.get('location')
    at = next === null ? null : new URL(next, at).href
  }
}

/** Asks until there is an answer. */
export async function waitFor<T>(ask: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
