import { spawn } from 'node:child_process'

/**
 * Opens an http(s) address in the person's browser, without a shell. Rejects for any other scheme, and when the system has
 * no opener: then whoever asked prints the address instead.
 */
export function openUrl(url: string): Promise<void> {
  const address = new URL(url)
  if (!['http:', 'https:'].includes(address.protocol)) {
    return Promise.reject(new Error(`only web addresses are opened, not \`${address.protocol}\``))
  }
  const [command, ...args] = opener()
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, address.href], { stdio: 'ignore', detached: true })
    child.once('error', () => reject(new Error('no browser could be opened; open the address by hand')))
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
}

function opener(): [command: string, ...args: string[]] {
  if (process.platform === 'darwin') return ['/usr/bin/open']
  if (process.platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler']
  return ['xdg-open']
}
