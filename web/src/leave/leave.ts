// Leave as the pages ask for it and write it.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { LeaveSpan } from '../api/shapes'
import { besideDates, ownDate } from '../clock/clock'
import { i18next } from '../locale/locale'

export const leaveKey = (company: string) => ['leave', company]

export function useLeave(company: string, username: string) {
  return useQuery({
    queryKey: [...leaveKey(company), 'of', username],
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/employees/{username}/leave', { params: { path: { company, username } } })),
  })
}

export function useLeaveOf(company: string, username: string) {
  return useInfiniteQuery({
    queryKey: [...leaveKey(company), 'requests', username],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      ok(
        api.GET('/api/v1/companies/{company}/employees/{username}/leave/requests', {
          params: { path: { company, username }, query: { limit: 20, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
  })
}

export function useWaiting(company: string, enabled = true) {
  return useQuery({
    queryKey: [...leaveKey(company), 'waiting'],
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/leave/waiting', { params: { path: { company } } })),
    refetchInterval: 60_000,
    enabled,
  })
}

export function useLeaveTypes(company: string) {
  return useQuery({
    queryKey: [...leaveKey(company), 'types'],
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/leave/types', { params: { path: { company } } })),
  })
}

export type LeaveTypes = NonNullable<ReturnType<typeof useLeaveTypes>['data']>

/** 2 days, 1 day, 0.5 days. */
export function days(amount: number): string {
  return i18next.t('leave.days', { count: amount })
}

/** Tue 10 Mar 2026 (second half) to Thu 12 Mar 2026, and the other calendar's dates if they are wanted. */
export function spanText(span: LeaveSpan): string {
  const part = (date: string, how: LeaveSpan['start']) =>
    how === 'full' ? ownDate(date) : `${ownDate(date)} (${i18next.t(`leave.half.${how}`)})`
  const first =
    span.from === span.to
      ? part(span.from, span.start)
      : i18next.t('leave.to', { from: part(span.from, span.start), to: part(span.to, span.end) })
  const other = besideDates(span.from, span.to)
  return other ? i18next.t('calendar.beside', { first, other }) : first
}

/** Tue 10 Mar 2026 to Thu 12 Mar 2026, likewise. */
export function datesText(from: string, to: string): string {
  return spanText({ from, to, start: 'full', end: 'full' })
}
