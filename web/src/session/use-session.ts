import { useSyncExternalStore } from 'react'

import type { Me } from '../api/shapes'
import { session, type State } from './session'

export function useSession(): State {
  return useSyncExternalStore(session.subscribe, session.snapshot)
}

/** The person signed in; only for pages that the router shows to nobody else. */
export function useMe(): Me {
  const state = useSession()
  if (state.status === 'signed-in') return state.user
  // Signing out re-renders a page once before the router takes it away.
  return { username: '', name: '', role: 'employee', company: '', company_name: '', time_zone: 'UTC', calendar: 'gregorian', both_calendars: false, queue_minutes: 0 }
}
