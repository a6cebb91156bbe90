import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { components } from '../api/schema'
import type { Company } from '../api/shapes'
import { i18next } from '../locale/locale'
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

type Change = Omit<components['schemas']['ChangeInput'], '$schema' | 'version'>

interface Saving {
  onSaved?: () => void
  onError?: (error: Error) => void
}

/** Saves a part of the settings, as the successor of what was shown, and says so. */
export function useSaveCompany({ username, version }: Company, { onSaved, onError }: Saving = {}) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: Change) =>
      ok(api.PATCH('/api/v1/companies/{company}', { params: { path: { company: username } }, body: { ...change, version } })),
    onSuccess: (saved) => {
      queries.setQueryData(companyKey(username), saved)
      notifications.show({ message: i18next.t('app.saved'), color: 'pine' })
      onSaved?.()
    },
    onError,
  })
}
