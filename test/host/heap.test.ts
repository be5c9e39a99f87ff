import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../fakes/bursting-process.ts', import.meta.url))

test('memory that was needed for a moment goes back to the system', async () => {
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    const told: number[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      told.push(Number(line))
      if (told.length > 1 && (told.at(-1) ?? 0) < (told[0] ?? 0) / 2) break
    }
    expect(told[0]).toBeGreaterThan(150)
    expect(told.at(-1)).toBeLessThan(90)
  } finally {
    child.stdin.end()
  }
})
