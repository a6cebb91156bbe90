import { useEffect, useState, useSyncExternalStore } from 'react'

import type { Me } from '../api/shapes'
import { Keeper, type Status } from './keeper'

/** Where punches wait for the network; null when the company takes none later. */
export function useKeeper(me: Me, online: boolean): { keeper: Keeper | null; status: Status } {
  const [keeper] = useState(() => new Keeper(me.company))
  const status = useSyncExternalStore(keeper.subscribe, keeper.snapshot)
  useEffect(() => {
    keeper.start()
    return () => keeper.stop()
  }, [keeper])
  useEffect(() => keeper.enable(online), [keeper, online])
  // What waited before the company changed its mind is still sent, and answered.
  return { keeper: me.queue_minutes > 0 ? keeper : null, status }
}
