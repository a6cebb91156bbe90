// Shows a code until an admin has entered it: asks for one, polls with the
// secret that came with it, and asks anew when the server says it is over.
import { useEffect, useState } from 'react'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import { session } from '../session/session'

export interface Pairing {
  code: string
  trouble: 'none' | 'offline' | 'busy'
}

const AGAIN_MS = 4_000
const BUSY_MS = 30_000
const PATIENCE_MS = 10_000

export function usePairing(): Pairing {
  const [state, setState] = useState<Pairing>({ code: '', trouble: 'none' })
  useEffect(() => {
    const stop = new AbortController()
    const signal = () => AbortSignal.any([stop.signal, AbortSignal.timeout(PATIENCE_MS)])
    void run(stop.signal, signal, setState)
    return () => stop.abort()
  }, [])
  return state
}

interface Asked {
  id: string
  code: string
  secret: string
  poll_seconds: number
}

async function run(stopped: AbortSignal, signal: () => AbortSignal, show: (state: Pairing) => void) {
  let asked: Asked | null = null // the secret stays here, and is never shown
  const over = () => stopped.aborted // changes while something is awaited
  while (!over()) {
    let rest = AGAIN_MS
    try {
      if (asked) {
        const answer = await fetchSession(asked, signal())
        if (over()) return
        if (answer.session) {
          // The page sees the new session and becomes the kiosk.
          session.adopt(answer.session)
          return
        }
      } else asked = await ok(api.POST('/api/v1/kiosk-pairings', { signal: signal() }))
      rest = asked.poll_seconds * 1_000
      if (!over()) show({ code: asked.code, trouble: 'none' })
    } catch (error) {
      if (over()) return
      const { code } = asProblem(error)
      if (code === 'not_found') {
        asked = null
        rest = 0
      } else if (code === 'rate_limited') {
        rest = BUSY_MS
        show({ code: asked?.code ?? '', trouble: 'busy' })
      } else show({ code: asked?.code ?? '', trouble: 'offline' })
    }
    await new Promise((resolve) => setTimeout(resolve, rest))
  }
}

function fetchSession({ id, secret }: Asked, signal: AbortSignal) {
  return ok(
    api.POST('/api/v1/kiosk-pairings/{pairing}/session', {
      params: { path: { pairing: id } },
      body: { secret, cookie: true },
      signal,
    }),
  )
}
