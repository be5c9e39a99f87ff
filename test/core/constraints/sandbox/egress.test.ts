import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createEgress } from '../../../../src-main/core/constraints/sandbox/egress.ts'

test('a process has 512 connections to its way out at most, those that ask for nothing included', async () => {
  const listener = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const egress = createEgress(listener, () => {})
  onTestFinished(egress.close)

  let turnedAway = 0
  const sockets = Array.from({ length: 600 }, () =>
    connect(port, '127.0.0.1')
      .on('error', () => {})
      .on('close', () => turnedAway++),
  )
  await expect.poll(() => turnedAway).toBe(600 - 512)
  for (const socket of sockets) socket.destroy()
  await expect.poll(() => turnedAway).toBe(600)

  const again = connect(port, '127.0.0.1').end('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  expect(String((await once(again, 'data'))[0])).toMatch(/^HTTP\/1.1 400 /)
})
