// Slack as the pages ask for it.
import { useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'

export const slackKey = (company: string) => ['slack', company]
export const slackPeopleKey = (company: string) => [...slackKey(company), 'people']
export const ownLinkKey = (company: string, username: string) => [...slackKey(company), 'own', username]

export function useSlack(company: string) {
  return useQuery({
    queryKey: slackKey(company),
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/slack', { params: { path: { company } } })),
  })
}

/** The channels that can be posted in, which Slack is asked for. */
export function useChannels(company: string, connected: boolean) {
  return useQuery({
    queryKey: [...slackKey(company), 'channels'],
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/slack/channels', { params: { path: { company } } })),
    enabled: connected,
    staleTime: 60_000,
    retry: false,
  })
}

/**
 * What a link brought, once: it is taken out of the address, so that it stays in
 * no history, and kept for this tab while its reader signs in.
 */
export function takeOnce(name: string, found: string): string {
  const key = `slack-${name}`
  if (found) {
    window.sessionStorage.setItem(key, found)
    window.history.replaceState(window.history.state, '', window.location.pathname)
  }
  return found || (window.sessionStorage.getItem(key) ?? '')
}

export const forget = (name: string) => window.sessionStorage.removeItem(`slack-${name}`)
