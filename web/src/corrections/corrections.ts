// Corrections of days as the pages ask for them and write them.
import { useQuery, useQueryClient } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { Correction } from '../api/shapes'
import { clockTime, localDate, shortDay } from '../clock/clock'
import { leaveKey } from '../leave/leave'
import { i18next } from '../locale/locale'

export const openDaysKey = (company: string) => ['open-days', company]

/** What waits for whoever is signed in, below what is refreshed with each decision. */
export function useWaitingCorrections(company: string, enabled = true) {
  return useQuery({
    queryKey: [...leaveKey(company), 'corrections'],
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/corrections/waiting', { params: { path: { company } } })),
    refetchInterval: 60_000,
    enabled,
  })
}

/** Loads anew what follows from a correction of somebody's day. */
export function useDayChanged(company: string, username: string) {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['days', company, username] }),
      queries.invalidateQueries({ queryKey: openDaysKey(company) }),
      queries.invalidateQueries({ queryKey: leaveKey(company) }),
    ])
}

/** 17:50, or 02:10 (Tue 3) where it is not on the date. */
export function timeOn(date: string, moment: string, zone: string): string {
  const on = localDate(new Date(moment), zone)
  if (on === date) return clockTime(moment, zone)
  const { weekday, day } = shortDay(on)
  return `${clockTime(moment, zone)} (${weekday} ${day})`
}

/** What a correction changes, in a few words each. */
export function changeTexts(correction: Correction, zone: string): string[] {
  return correction.changes.map((change) =>
    i18next.t(`corrections.change.${change.does}`, {
      what: i18next.t(`corrections.way.${change.direction}`),
      was: change.was ? timeOn(correction.date, change.was, zone) : '',
      at: change.at ? timeOn(correction.date, change.at, zone) : '',
    }),
  )
}
