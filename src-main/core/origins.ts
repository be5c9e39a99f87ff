/** Origins at which this gateway answers programs: those of this machine, the one that names it first, and the public one if it has one. */
export function originsOf(port: number, publicOrigin: string | null): readonly string[] {
  const own = [`http://127.0.0.1:${port}`, `http://localhost:${port}`]
  return publicOrigin === null ? own : [...own, publicOrigin]
}

/** The origin that a request means by its `Host` header; null when it means none of these. */
export function originOfHost(host: string | undefined, origins: readonly string[]): string | null {
  const named = host?.toLowerCase()
  return origins.find((origin) => new URL(origin).host === named) ?? null
}
