import type { HttpLaunch } from '../../../../shared/server.ts'
import { unauthorized } from '../../upstream/http/authorizer.ts'
import { discard } from '../../upstream/http/await-answer.ts'
import { acceptBoth } from '../../upstream/http/connection.ts'
import { createRequester } from '../../upstream/http/requester.ts'
import { bearerChallenge, type Challenge } from './challenge.ts'
import { SignInFailure } from './failure.ts'

const withinMs = 15_000

/** What an unsigned request to a server is refused with; null when it is not refused, or without a challenge. Rejects with SignInFailure. */
export async function probe(launch: HttpLaunch): Promise<Challenge | null> {
  const requester = createRequester(launch, unauthorized)
  try {
    const res = await requester.send({
      ...{ method: 'POST', url: new URL(launch.url), withinMs, signal: AbortSignal.timeout(withinMs) },
      body: Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}'),
      headers: { accept: acceptBoth },
    })
    discard(res)
    const header = (res.headersDistinct['www-authenticate'] ?? []).join(', ')
    return res.statusCode === 401 ? bearerChallenge(header) : null
  } catch (error) {
    throw new SignInFailure(`the server could not be asked, ${(error as Error).message}`)
  } finally {
    requester.close()
  }
}
