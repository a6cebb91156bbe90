import { useInfiniteQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import { saveFile } from '../api/save-file'
import type { AuditEntry } from '../api/shapes'

export type Action = AuditEntry['action']

/** Which entries are asked for; what is empty chooses all. */
export interface Filter {
  from: string
  to: string
  actor: string
  person: string
  operation: string
  action: Action | ''
}

export const all: Filter = { from: '', to: '', actor: '', person: '', operation: '', action: '' }

const PAGE = 50

function username(typed: string): string {
  return typed.trim().toLowerCase()
}

/** What of a filter was filled in, as the API takes it. */
export function query(filter: Filter): Partial<Omit<Filter, 'action'>> & { action?: Action } {
  const { action, from, to, operation } = filter
  const given = { from, to, operation, actor: username(filter.actor), person: username(filter.person) }
  const filled = Object.entries(given).flatMap(([key, value]) => (value.trim() ? [[key, value.trim()] as const] : []))
  return { ...Object.fromEntries(filled), ...(action && { action }) }
}

export function useAudit(company: string, filter: Filter) {
  return useInfiniteQuery({
    queryKey: ['audit', company, filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET('/api/v1/companies/{company}/audit', {
          params: { path: { company }, query: { limit: PAGE, ...query(filter), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: (before) => before,
  })
}

export function useViews(company: string, username: string) {
  return useInfiniteQuery({
    queryKey: ['views', company, username],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET('/api/v1/companies/{company}/employees/{username}/image-views', {
          params: { path: { company, username }, query: { limit: 10, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
  })
}

export function verify(company: string, head: string) {
  return ok(
    api.GET('/api/v1/companies/{company}/audit/verify', {
      params: { path: { company }, query: { ...(head.trim() && { head: head.trim() }) } },
    }),
  )
}

/** Fetches the log as a file and hands it to the browser. */
export async function download(company: string, filter: Filter, format: 'csv' | 'jsonl') {
  const search = new URLSearchParams({ format, ...query(filter) })
  await saveFile(`/api/v1/companies/${encodeURIComponent(company)}/audit/export?${search.toString()}`)
}
