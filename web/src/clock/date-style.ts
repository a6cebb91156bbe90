// How dates are written for who is signed in: by which calendar, and with the
// other one beside it. The session tells it (app.tsx); what writes dates reads it.
import { useSyncExternalStore } from 'react'

import type { Me } from '../api/shapes'

export interface DateStyle {
  calendar: Me['calendar']
  /** The other calendar's date stands beside it. */
  both: boolean
  /** Where it is today. */
  zone: string
}

const plain: DateStyle = { calendar: 'gregorian', both: false, zone: 'UTC' }
const listeners = new Set<() => void>()
let style = plain

export function dateStyle(): DateStyle {
  return style
}

/** Takes the choice of who is signed in; of nobody, dates are Gregorian. */
export function setDateStyle(me?: Pick<Me, 'calendar' | 'both_calendars' | 'time_zone'>) {
  const next = me ? { calendar: me.calendar, both: me.both_calendars, zone: me.time_zone } : plain
  if (next.calendar === style.calendar && next.both === style.both && next.zone === style.zone) return
  style = next
  for (const listener of listeners) listener()
}

/** Renders anew when the choice changes. */
export function useDateStyle(): DateStyle {
  return useSyncExternalStore(subscribe, dateStyle)
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
