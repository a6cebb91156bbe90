import { Button, Stack } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { setupToken } from '../setup/setup-token'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'
import { Failed, PageLoading } from '../shell/states'
import { wordOf } from './topics'

/** Where the link in a letter leads that ends such letters. */
export function UnsubscribePage() {
  const { t } = useTranslation()
  const { hash } = useLocation()
  // In the fragment alone: it names somebody, and servers and proxies log queries.
  const token = setupToken('', hash)
  const answer = useQuery({
    queryKey: ['unsubscribe', token],
    queryFn: () => ok(api.POST('/api/v1/unsubscribe', { body: { token } })),
    enabled: token !== '',
    refetchOnWindowFocus: false,
    retry: false,
    gcTime: 0,
  })
  const end = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/unsubscribe/{token}', { params: { path: { token } } })),
  })
  useTabTitle(t('notifications.unsubscribe.loading'))
  if (!token)
    return (
      <Plain title={t('notifications.unsubscribe.noLink')} lead={t('notifications.unsubscribe.noLinkHint')}>
        <Settings />
      </Plain>
    )
  if (answer.error)
    return (
      <Plain title={t('notifications.unsubscribe.loading')}>
        <Failed error={answer.error} retry={() => void answer.refetch()} />
        <Settings />
      </Plain>
    )
  if (!answer.data) return <PageLoading />
  const { company, topic, on } = answer.data
  if (end.data || !on)
    return (
      <Plain title={t('notifications.unsubscribe.done')} lead={t('notifications.unsubscribe.doneHint')}>
        <Settings />
      </Plain>
    )
  const lead =
    topic === 'daily'
      ? t('notifications.unsubscribe.leadDaily', { company })
      : t('notifications.unsubscribe.lead', { company, topic: t(wordOf(topic) as 'notifications.topics.decide') })
  return (
    <Plain title={t('notifications.unsubscribe.title')} lead={lead}>
      {end.error && <Failed error={end.error} />}
      <Stack gap="sm">
        <Button loading={end.isPending} onClick={() => end.mutate()}>
          {t('notifications.unsubscribe.button')}
        </Button>
        <Settings />
      </Stack>
    </Plain>
  )
}

function Settings() {
  const { t } = useTranslation()
  return (
    <Button component={Link} to="/notifications" variant="default">
      {t('notifications.unsubscribe.settings')}
    </Button>
  )
}
