import { protocol, type Session } from 'electron'
import type { PageDoor } from '../../shared/calls.ts'
import type { PageFiles } from '../host/built-pages.ts'
import { pageScheme } from './page-address.ts'
import { pageResponse } from './page-response.ts'

/** Makes our scheme one of real origins that count as secure. Must be called before the app is ready. */
export function registerPageScheme(): void {
  // Module scripts and fonts are fetched as for another origin even from their own, which only such schemes take.
  const privileges = { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true }
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges }])
}

/** Serves one door's page in its session, which knows no other. */
export function servePage(session: Session, door: PageDoor, files: PageFiles): void {
  session.protocol.handle(pageScheme, ({ method, url }) => {
    const { status, headers, body } = pageResponse({ method, url }, door, files)
    return new Response(body, { status, headers })
  })
}
