const name = 'Approvals · Toolgate'
const shield = 'M16 2 28 6v9c0 7.4-4.9 12.7-12 15C8.9 27.7 4 22.4 4 15V6z'

/** Shows in the tab's title and picture how many calls wait. */
export function showCount(count: number): void {
  document.title = count > 0 ? `(${count}) ${name}` : name
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  if (link) link.href = picture(count)
}

function picture(count: number): string {
  const text = count > 9 ? '9+' : String(count)
  const badge =
    count === 0
      ? '<path fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" d="M11 10v11M16 9v6M16 19v4M21 10v11"/>'
      : `<circle cx="21" cy="21" r="11" fill="#c02a20"/><text x="21" y="26" font-size="15" font-weight="700" font-family="system-ui,sans-serif" text-anchor="middle" fill="#fff">${text}</text>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#4351d8" d="${shield}"/>${badge}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
