// What somebody decided about their face, what is erased of it, and the file
// with all that is held about them.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import { problemFrom } from '../api/problem'
import type { ConsentState, Employee } from '../api/shapes'
import { employeeKey, employeesKey, facesKey } from '../employees/employees'
import { session } from '../session/session'

export const consentKey = (company: string, username: string) => ['consent', company, username]
const erasuresKey = (company: string) => ['erasures', company]

/** The state as a word: the API has none for somebody who was never asked. */
export const stateWord = (state: ConsentState) => state || 'none'

export function useConsent(company: string, username: string) {
  return useQuery({
    queryKey: consentKey(company, username),
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/employees/{username}/consent', { params: { path: { company, username } } })),
  })
}

/** A decision: one's own, or one that the admin records from paper. */
export function useDecide(company: string, username: string, paper: boolean, onDone: (state: ConsentState) => void) {
  const queries = useQueryClient()
  const params = { path: { company, username } }
  return useMutation({
    mutationFn: async (body: { state: 'given' | 'declined' | 'withdrawn'; text_version?: string }) => {
      if (paper) await ok(api.POST('/api/v1/companies/{company}/employees/{username}/consent/paper', { params, body }))
      else await ok(api.PUT('/api/v1/companies/{company}/employees/{username}/consent', { params, body }))
      return body.state
    },
    onSuccess: async (state) => {
      await Promise.all(
        [consentKey(company, username), employeeKey(company, username), employeesKey(company), facesKey(company, username), erasuresKey(company)].map(
          (queryKey) => queries.invalidateQueries({ queryKey }),
        ),
      )
      onDone(state)
    },
    // Whatever failed, the page may be out of date.
    onError: () => queries.invalidateQueries({ queryKey: consentKey(company, username) }),
  })
}

export function useErasures(company: string) {
  return useInfiniteQuery({
    queryKey: erasuresKey(company),
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      ok(
        api.GET('/api/v1/companies/{company}/erasures', {
          params: { path: { company }, query: { limit: 10, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
  })
}

/** Saves a file that only who is signed in may have, so that a link would not do. */
async function save(path: string, name: string) {
  const response = await session.fetch(new Request(path))
  if (!response.ok) throw problemFrom(response.status, await response.json().catch(() => null))
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

const person = (company: string, username: string) =>
  `/api/v1/companies/${encodeURIComponent(company)}/employees/${encodeURIComponent(username)}`

export function useDownload(company: string, username: string) {
  return useMutation({ mutationFn: () => save(`${person(company, username)}/data`, `hajir-${username}.zip`) })
}

export function useReceipt(company: string, username: string, number: number) {
  return useMutation({
    mutationFn: () => save(`${person(company, username)}/erasures/${number}`, `erasure-receipt-${username}-${number}.json`),
  })
}

/** When pictures go at the latest, if consent is withdrawn now. */
export function lastDay(retentionDays: number, now = new Date()) {
  return new Date(now.getTime() + Math.max(1, retentionDays) * 86_400_000).toISOString()
}

/** Whether a face of this person may be enrolled. */
export const mayEnrol = (employee: Employee) => employee.active && employee.consent === 'given'
