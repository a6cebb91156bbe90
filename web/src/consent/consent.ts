// What somebody decided about their face, what is erased of it, and the file
// with all that is held about them.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import { saveFile } from '../api/save-file'
import type { ConsentState, Employee } from '../api/shapes'
import { employeeKey, employeesKey, facesKey } from '../employees/employees'

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

const person = (company: string, username: string) =>
  `/api/v1/companies/${encodeURIComponent(company)}/employees/${encodeURIComponent(username)}`

export function useDownload(company: string, username: string) {
  return useMutation({ mutationFn: () => saveFile(`${person(company, username)}/data`, { name: `hajir-${username}.zip` }) })
}

export function useReceipt(company: string, username: string, number: number) {
  return useMutation({
    mutationFn: () => saveFile(`${person(company, username)}/erasures/${number}`, { name: `erasure-receipt-${username}-${number}.json` }),
  })
}

/** When pictures go at the latest, if consent is withdrawn now. */
export function lastDay(retentionDays: number, now = new Date()) {
  return new Date(now.getTime() + Math.max(1, retentionDays) * 86_400_000).toISOString()
}

/** Whether a face of this person may be enrolled. */
export const mayEnrol = (employee: Employee) => employee.active && employee.consent === 'given'
