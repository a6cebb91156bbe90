import { useInfiniteQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'

export const invitationsKey = (company: string) => ['invitations', company]

const PAGE = 20

export function useInvitations(company: string) {
  return useInfiniteQuery({
    queryKey: invitationsKey(company),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET('/api/v1/companies/{company}/invitations', {
          params: { path: { company }, query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
    // While mails are on their way, what became of them shows by itself.
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.invitations.some((one) => one.mail === 'sending')) ? 3_000 : false,
  })
}
