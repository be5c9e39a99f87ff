/** For whom a client works, in words. */
export function tenantWords(tenant: string | null): string {
  return tenant === null ? 'nobody in particular' : tenant
}
