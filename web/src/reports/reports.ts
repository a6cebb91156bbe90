// Reports page by page, and files that are made while one waits.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

import { api, ok } from '../api/client'
import { persist } from '../api/persist'
import { asProblem, Problem, problemFrom } from '../api/problem'
import { saveFile } from '../api/save-file'
import type { Made, WorkLine } from '../api/shapes'
import { session } from '../session/session'
import type { Period } from './period'

/** The reports about many people. */
export const kinds = ['muster', 'late', 'overtime', 'absences', 'balances'] as const
export type ManyKind = (typeof kinds)[number]
export type Kind = ManyKind | 'time-sheet' | 'payroll'

export interface Filter {
  department: string
  manager: string
}

const PAGE = 250

/** What a request about a period asks for. */
export const periodQuery = (period: Period): Record<string, string> =>
  'month' in period ? { month: period.month } : { from: period.from, to: period.to }

export const filterQuery = ({ department, manager }: Filter): Record<string, string> => ({
  ...(department.trim() && { department: department.trim() }),
  ...(manager && { manager }),
})

/** All of a report, which comes page after page. */
export function useReport(company: string, report: ManyKind, period: Period, filter: Filter) {
  const answer = useInfiniteQuery({
    queryKey: ['report', company, report, period, filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET('/api/v1/companies/{company}/reports/{report}', {
          params: {
            path: { company, report },
            query: { limit: PAGE, ...periodQuery(period), ...filterQuery(filter), ...(pageParam && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
  })
  const { hasNextPage, isFetching, isError, fetchNextPage } = answer
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage()
  }, [hasNextPage, isFetching, isError, fetchNextPage])
  return answer
}

export function useTimeSheet(company: string, username: string, period: Period) {
  return useQuery({
    enabled: username !== '',
    queryKey: ['report', company, 'time-sheet', username, period],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/v1/companies/{company}/employees/{username}/time-sheet', {
          params: { path: { company, username }, query: periodQuery(period) },
          signal,
        }),
      ),
  })
}

export interface Progress {
  done: number
  total: number
}

/** Has a file made, and tells how far it is. */
async function make(path: string, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<Made> {
  const response = await session.fetch(new Request(path, { method: 'POST', signal }))
  if (!response.ok || !response.body) throw problemFrom(response.status, await response.json().catch(() => null))
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    const lines = (rest + (value ?? '')).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      const line = JSON.parse(text) as WorkLine
      if (line.problem) throw problemFrom(line.problem.status, line.problem)
      if (line.made) return line.made
      onProgress(line)
    }
    // The connection was cut off.
    if (done) throw new Problem('unavailable', '')
  }
}

/** Fetches a file that was made, and saves it. */
function fetchMade(company: string, made: Made, signal: AbortSignal) {
  const path = `/api/v1/companies/${encodeURIComponent(company)}/report-files/${encodeURIComponent(made.id)}`
  return saveFile(path, { name: made.name, signal })
}

/** Making and saving a file, one at a time. It ends with the page. */
export function useMaking(company: string, onDone: (made: Made) => void) {
  const [progress, setProgress] = useState<Progress | 'fetching' | 'waiting' | null>(null)
  const [error, setError] = useState<unknown>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])
  const start = async (path: string) => {
    running.current?.abort()
    const mine = new AbortController()
    running.current = mine
    setError(null)
    try {
      const made = await persist(
        () => {
          mine.signal.throwIfAborted()
          setProgress({ done: 0, total: 0 })
          return make(path, mine.signal, setProgress)
        },
        { onWait: () => setProgress('waiting') },
      )
      setProgress('fetching')
      await fetchMade(company, made, mine.signal)
      onDone(made)
    } catch (caught) {
      if (!mine.signal.aborted) setError(asProblem(caught))
    } finally {
      if (running.current === mine) setProgress(null)
    }
  }
  const stop = () => {
    running.current?.abort()
    setProgress(null)
  }
  return { progress, error, start, stop }
}
