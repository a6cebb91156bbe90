import { useInfiniteQuery, useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { Employee } from '../api/shapes'

export const employeesKey = (company: string) => ['employees', company]
export const employeeKey = (company: string, username: string) => ['employee', company, username]
export const facesKey = (company: string, username: string) => ['faces', company, username]

const PAGE = 50

export function useEmployees(
  company: string,
  q: string,
  active: boolean | undefined,
  role: Employee['role'] | undefined,
  consent?: 'none',
  renewal = false,
) {
  return useInfiniteQuery({
    queryKey: [...employeesKey(company), q, active, role, consent, renewal],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET('/api/v1/companies/{company}/employees', {
          params: {
            path: { company },
            query: { limit: PAGE, ...(q && { q }), ...(pageParam && { cursor: pageParam }), ...(active !== undefined && { active: active ? 'true' : 'false' }), ...(role && { role }), ...(consent && { consent }), ...(renewal && { new_pictures: true }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: (before) => before,
  })
}

export function useEmployee(company: string, username: string, enabled = true) {
  return useQuery({
    enabled,
    queryKey: employeeKey(company, username),
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/employees/{username}', { params: { path: { company, username } } })),
  })
}

export function useFaces(company: string, username: string) {
  return useQuery({
    queryKey: facesKey(company, username),
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/employees/{username}/faces', { params: { path: { company, username } } }),
      ),
  })
}
