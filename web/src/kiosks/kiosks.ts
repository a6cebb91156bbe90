import { useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'

export const kiosksKey = (company: string) => ['kiosks', company]

export function useKiosks(company: string) {
  return useQuery({
    queryKey: kiosksKey(company),
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/kiosks', { params: { path: { company } } })),
  })
}
