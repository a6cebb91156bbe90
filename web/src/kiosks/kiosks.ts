import { useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'

export const kiosksKey = (company: string) => ['kiosks', company]

export function useKiosks(company: string) {
  return useQuery({
    queryKey: kiosksKey(company),
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/kiosks', { params: { path: { company } } })),
  })
}

/** Names of the places by their kiosks' accounts; a revoked one has none any more. */
export function usePlaces(company: string): ReadonlyMap<string, string> {
  const kiosks = useKiosks(company).data?.kiosks ?? []
  return new Map(kiosks.map((kiosk) => [kiosk.username, kiosk.place]))
}
