import { useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import { useMe } from '../session/use-session'

export const companyKey = (company: string) => ['company', company]

export function useCompany() {
  const { company } = useMe()
  return useQuery({
    queryKey: companyKey(company),
    queryFn: () => ok(api.GET('/api/v1/companies/{company}', { params: { path: { company } } })),
    enabled: company !== '',
  })
}
