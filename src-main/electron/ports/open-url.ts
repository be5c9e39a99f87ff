import { shell } from 'electron'
import { externalUrl } from '../external-url.ts'

/** Opens a web address in the person's browser; rejects for everything that is not plainly https. */
export async function openUrl(address: string): Promise<void> {
  const url = externalUrl(address)
  if (!url) throw new Error('only https addresses are opened; open this one by hand if you trust it')
  await shell.openExternal(url)
}
