import { useCallback, useEffect, useState } from 'react'
import type { ConnectPlan } from '../../../../shared/client-config.ts'
import { type CallFailure, call } from '../../../call.ts'
import { asFailure } from '../../../use-call.ts'

/** What is looked at: the first look says which clients there is something to do for, a later one is about some of them. */
type Look = { clients: 'all' | string[]; hooks: boolean; first: boolean }

/**
 * What connecting one client, or all, would do. A plan is made once for each choice and stays as it is: it is what is shown, and
 * exactly what is carried out.
 */
export function useConnectPlan(client: string | null) {
  const everything = (hooks: boolean): Look => ({ clients: client === null ? 'all' : [client], hooks, first: true })
  const [look, setLook] = useState<Look>(everything(false))
  const [offered, setOffered] = useState<string[] | null>(null)
  const [plan, setPlan] = useState<ConnectPlan | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [busy, setBusy] = useState(true)
  useEffect(() => {
    const { clients, hooks, first } = look
    if (clients.length === 0) {
      setPlan(null)
      return setBusy(false)
    }
    let wanted = true
    setBusy(true)
    setFailure(null)
    call('configs.preview', { clients, ...(hooks ? { hooks } : {}) })
      .then(
        (made) => {
          if (!wanted) return
          setPlan(made)
          if (first) setOffered([...new Set(made.files.map((file) => file.client))])
        },
        (error: unknown) => void (wanted && setFailure(asFailure(error))),
      )
      .finally(() => void (wanted && setBusy(false)))
    return () => {
      wanted = false
    }
  }, [look])
  const forget = useCallback((next: Look) => {
    setOffered(null)
    setPlan(null)
    setLook(next)
  }, [])
  return {
    /** Clients that something can be done for; null until that is known. */
    offered,
    chosen: look.first ? (offered ?? []) : (look.clients as string[]),
    hooks: look.hooks,
    ...{ plan, failure, busy },
    choose: (clients: string[]) => setLook({ clients, hooks: look.hooks, first: false }),
    /** Whether the clients' own tools are to be asked about too. */
    withHooks: (hooks: boolean) => forget(everything(hooks)),
    again: () => forget(everything(look.hooks)),
  }
}
