// What waits to be delivered, and what was given up.
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { DeliveryKey } from '../api/shapes'

export type DeliveryState = 'waiting' | 'dead'

const deliveriesKey = (company: string) => ['deliveries', company]

export function useDeliveries(company: string, state: DeliveryState) {
  return useInfiniteQuery({
    queryKey: [...deliveriesKey(company), state],
    queryFn: ({ pageParam }) =>
      ok(
        api.GET('/api/v1/companies/{company}/deliveries', {
          params: { path: { company }, query: { state, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
    refetchInterval: 15_000,
  })
}

/** Sends one again, or with null everything that was given up. */
export function useSendAgain(company: string, onDone: (sent: number) => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (delivery: DeliveryKey | null) =>
      ok(
        api.POST('/api/v1/companies/{company}/deliveries/again', {
          params: { path: { company } },
          body: delivery ? { delivery } : { all: true },
        }),
      ),
    onSuccess: ({ sent }) => onDone(sent),
    onSettled: () => queries.invalidateQueries({ queryKey: deliveriesKey(company) }),
  })
}
