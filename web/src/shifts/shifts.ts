// What is planned: shifts, weekly patterns, and the roster, as the server has it.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { Shift, ShiftFields } from '../api/shapes'

export const shiftsKey = (company: string) => ['shifts', company]
export const patternsKey = (company: string) => ['patterns', company]
export const rosterKey = (company: string) => ['roster', company]

export function useShifts(company: string) {
  return useQuery({
    queryKey: shiftsKey(company),
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/shifts', { params: { path: { company } } })),
  })
}

export function usePatterns(company: string) {
  return useQuery({
    queryKey: patternsKey(company),
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/patterns', { params: { path: { company } } })),
  })
}

export function useRoster(company: string, from: string, q: string) {
  return useInfiniteQuery({
    queryKey: [...rosterKey(company), from, q],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET('/api/v1/companies/{company}/roster', {
          params: { path: { company }, query: { from, ...(q && { q }), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: (before) => before,
  })
}

const palette = ['pine', 'marigold', 'grape', 'blue', 'teal', 'orange', 'pink', 'lime']

/** A colour for each shift, the same on every page. */
export function colorOf(shifts: Shift[], id: string): string {
  const order = shifts.map((shift) => shift.id).sort()
  return palette[order.indexOf(id) % palette.length] ?? 'gray'
}

/** What of a shift is sent when it is changed. */
export function fieldsOf(shift: Shift): ShiftFields {
  const fields: Partial<Shift> = { ...shift }
  delete fields.id
  delete fields.version
  delete fields.required_minutes
  return fields as ShiftFields
}
