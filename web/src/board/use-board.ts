import { useEffect, useState } from 'react'

import { localDate } from '../clock/clock'
import { useNow } from '../clock/use-now'
import { session } from '../session/session'
import { apply, type Shown } from './board'
import { follow } from './event-stream'

/** Today's board, kept up to date by the server. */
export function useBoard(company: string, zone: string) {
  // Midnight brings another board, and so does a change that tells of it
  // before this device's clock does.
  const today = localDate(new Date(useNow(20_000)), zone)
  const [shown, setShown] = useState<Shown | null>(null)
  const [live, setLive] = useState(false)
  const [failed, setFailed] = useState(false)
  const over = shown?.over ? shown.board.date : ''

  useEffect(() => {
    const abort = new AbortController()
    const path = `/api/v1/companies/${encodeURIComponent(company)}/board/events`
    void follow({
      open: (signal) =>
        session.fetch(
          new Request(new URL(path, location.origin), { headers: { Accept: 'text/event-stream' }, signal }),
        ),
      onEvent: (event) => setShown((before) => apply(before, event)),
      onLive: (is) => {
        setLive(is)
        setFailed(!is)
      },
      signal: abort.signal,
    })
    return () => abort.abort()
  }, [company, today, over])

  return { shown, live, failed }
}
