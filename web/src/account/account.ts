import { useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'

export const sessionsKey = ['me', 'sessions']
export const twoFactorKey = ['me', 'two-factor']

export const passkeysKey = ['me', 'passkeys']

export function usePasskeys() {
  return useQuery({ queryKey: passkeysKey, queryFn: () => ok(api.GET('/api/v1/me/passkeys')) })
}

export function useSessions() {
  return useQuery({ queryKey: sessionsKey, queryFn: () => ok(api.GET('/api/v1/me/sessions')) })
}

export function useTwoFactor() {
  return useQuery({ queryKey: twoFactorKey, queryFn: () => ok(api.GET('/api/v1/me/two-factor')) })
}
