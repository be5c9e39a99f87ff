/** How many calls wait, in words. */
export function waitingCount(count: number): string {
  return count === 1 ? '1 call waits' : `${count} calls wait`
}
