// A company's webhooks, and what was posted to them.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { Webhook, WebhookFields } from '../api/shapes'

const webhooksKey = (company: string) => ['webhooks', company]
const attemptsKey = (company: string, id: string) => ['webhook-attempts', company, id]

export function useWebhooks(company: string) {
  return useQuery({
    queryKey: webhooksKey(company),
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/webhooks', { params: { path: { company } } })),
  })
}

/** Everything that changes webhooks looks at them anew, also when it fails. */
function useChange<In, Out>(company: string, change: (input: In) => Promise<Out>, onDone: (out: Out) => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: webhooksKey(company) }),
  })
}

export function useAddWebhook(company: string, onDone: (secret: string) => void) {
  return useChange(
    company,
    (body: WebhookFields) => ok(api.POST('/api/v1/companies/{company}/webhooks', { params: { path: { company } }, body })),
    (made) => onDone(made.secret),
  )
}

export function useChangeWebhook(company: string, webhook: Webhook, onDone: () => void) {
  return useChange(
    company,
    (change: Partial<WebhookFields> & { on: boolean }) =>
      ok(
        api.PUT('/api/v1/companies/{company}/webhooks/{webhook_id}', {
          params: { path: { company, webhook_id: webhook.id } },
          body: { url: webhook.url, name: webhook.name, kinds: webhook.kinds, version: webhook.version, ...change },
        }),
      ),
    onDone,
  )
}

export function useRotateSecret(company: string, webhook: Webhook, onDone: (secret: string) => void) {
  return useChange(
    company,
    () =>
      ok(api.POST('/api/v1/companies/{company}/webhooks/{webhook_id}/secret', { params: { path: { company, webhook_id: webhook.id } } })),
    (made) => onDone(made.secret),
  )
}

export function useDeleteWebhook(company: string, webhook: Webhook, onDone: () => void) {
  return useChange(
    company,
    () =>
      ok(
        api.DELETE('/api/v1/companies/{company}/webhooks/{webhook_id}', {
          params: { path: { company, webhook_id: webhook.id }, query: { version: webhook.version } },
        }),
      ),
    onDone,
  )
}

export function useTestWebhook(company: string, webhook: Webhook) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () =>
      ok(api.POST('/api/v1/companies/{company}/webhooks/{webhook_id}/test', { params: { path: { company, webhook_id: webhook.id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: attemptsKey(company, webhook.id) }),
  })
}

export function useAttempts(company: string, id: string) {
  return useInfiniteQuery({
    queryKey: attemptsKey(company, id),
    queryFn: ({ pageParam }) =>
      ok(
        api.GET('/api/v1/companies/{company}/webhooks/{webhook_id}/attempts', {
          params: { path: { company, webhook_id: id }, query: pageParam ? { cursor: pageParam } : {} },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  })
}
