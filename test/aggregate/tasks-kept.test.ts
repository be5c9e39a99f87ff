import { expect, test } from 'vitest'
import { createRouter } from '../../src-main/core/aggregate/route.ts'
import { parseMessage } from '../../src-main/core/json/message.ts'

type Deps = Parameters<typeof createRouter>[0]

/** The server that a question about a task goes to; the router asks nobody for that. */
async function routed(router: ReturnType<typeof createRouter>, taskId: string): Promise<string | null> {
  const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tasks/get', params: { taskId } })
  const hello = {} as Parameters<typeof router.find>[1]
  return router.find(parseMessage(Buffer.from(text)), hello).then(
    ({ server }) => server,
    () => null,
  )
}

test('a server that names tasks without end makes us forget its own, and no other server’s', async () => {
  const router = createRouter({} as Deps)
  router.sawTask('quiet', 'mine')
  for (let count = 0; count < 3_000; count++) router.sawTask('loud', `task-${count}`)
  expect(await routed(router, 'mine')).toBe('quiet')
  expect(await routed(router, 'task-2999')).toBe('loud')
  expect(await routed(router, 'task-0')).toBeNull()
  router.sawTask('loud', 'x'.repeat(2_049))
  expect(await routed(router, 'x'.repeat(2_049))).toBeNull()
})

test('a task that two servers name is nobody’s', async () => {
  const router = createRouter({} as Deps)
  router.sawTask('one', 'same')
  router.sawTask('two', 'same')
  expect(await routed(router, 'same')).toBeNull()
})
