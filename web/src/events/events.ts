// The company's calendar, as the server has it.
import { useQuery, useQueryClient, keepPreviousData } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { CalendarEvent } from '../api/shapes'
import { addDays, dateOf, longDate } from '../clock/clock'
import { datesOf } from '../clock/month'
import { leaveKey } from '../leave/leave'
import { sundayOf } from '../shifts/plan'

export const eventsKey = (company: string) => ['events', company]

export function useEvents(company: string, from: string, to: string) {
  return useQuery({
    queryKey: [...eventsKey(company), from, to],
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/events', { params: { path: { company }, query: { from, to } } })),
    placeholderData: keepPreviousData,
  })
}

/** Loads anew what follows from the calendar. */
export function useCalendarChanged(company: string) {
  const queries = useQueryClient()
  return () => {
    void queries.invalidateQueries({ queryKey: ['days'] })
    void queries.invalidateQueries({ queryKey: leaveKey(company) })
    void queries.invalidateQueries({ queryKey: ['optional', company] })
    return queries.invalidateQueries({ queryKey: eventsKey(company) })
  }
}

/** The weeks, from Sunday, that hold the dates of a month of either calendar. */
export function weeksOf(month: string): string[][] {
  const dates = datesOf(month)
  const [first = '', last = ''] = [dates[0], dates.at(-1)]
  const weeks: string[][] = []
  for (let day = sundayOf(first); day <= last; day = addDays(day, 7))
    weeks.push(Array.from({ length: 7 }, (_, index) => addDays(day, index)))
  return weeks
}

/** When an event is, as people read it. */
export function whenText({ date, to, start, end }: Pick<CalendarEvent, 'date' | 'to' | 'start' | 'end'>): string {
  if (to === undefined || to === date) return start && end ? `${longDate(date)}, ${start}–${end}` : longDate(date)
  const [from, until] = [dateOf(date, 'UTC'), dateOf(to, 'UTC')]
  return start && end ? `${from}, ${start} – ${until}, ${end}` : `${from} – ${until}`
}

export function touches(event: Pick<CalendarEvent, 'date' | 'to'>, date: string): boolean {
  return event.date <= date && date <= (event.to ?? event.date)
}

export const kindColor = { holiday: 'pine', optional: 'marigold', event: 'blue' } as const
