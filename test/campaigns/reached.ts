import { existsSync, readFileSync } from 'node:fs'
import { paramsOf } from './audit-trail.ts'

/** The calls that came to notes-server, as `params`, by the file in which it counts them. */
export function reachedServer(log: string): string[] {
  if (!existsSync(log)) return []
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const space = line.indexOf(' ')
      return paramsOf(line.slice(0, space), JSON.parse(line.slice(space)))
    })
}
