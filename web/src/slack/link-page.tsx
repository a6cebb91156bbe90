import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Me } from '../api/shapes'
import { setupToken } from '../setup/setup-token'
import { useSession } from '../session/use-session'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'
import { Failed, PageLoading } from '../shell/states'
import { forget, takeOnce } from './slack'

/** Where the link leads by which somebody says who they are in Slack. */
export function SlackLinkPage() {
  const { t } = useTranslation()
  const state = useSession()
  const [token] = useState(() => takeOnce('link', setupToken('', window.location.hash)))
  useTabTitle(t('slack.linkTitle'))
  if (!token) return <Plain title={t('slack.linkNone')} lead={t('slack.linkNoneHint')} />
  if (state.status !== 'signed-in')
    return (
      <Plain title={t('slack.linkTitle')} lead={t('slack.linkSignIn')}>
        <Button component="a" href="/sign-in?next=%2Fslack%2Flink">
          {t('slack.signIn')}
        </Button>
      </Plain>
    )
  return <Question token={token} me={state.user} />
}

function Question({ token, me }: { token: string; me: Me }) {
  const { t } = useTranslation()
  const params = { path: { company: me.company } }
  const asks = useQuery({
    queryKey: ['slack-link', token],
    queryFn: () => ok(api.POST('/api/v1/companies/{company}/slack/link/read', { params, body: { token } })),
    staleTime: Infinity,
    retry: false,
    gcTime: 0,
  })
  const link = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/companies/{company}/slack/link', { params, body: { token } })),
    onSettled: () => forget('link'),
  })
  if (link.data) return <Plain title={t('slack.linkDone')} lead={t('slack.linkDoneLead')} />
  const error = asks.error ?? link.error
  if (error)
    return (
      <Plain title={t('slack.linkFailed')}>
        <Failed error={error} />
      </Plain>
    )
  if (!asks.data) return <PageLoading />
  const { member_id: member, team_name: team, already, own } = asks.data
  return (
    <Plain title={t('slack.linkTitle')} lead={t('slack.linkQuestion', { member, team, name: me.name })}>
      <Stack>
        <Text size="sm">{t('slack.linkOnly')}</Text>
        {already && <Alert color="saffron">{t('slack.linkAlready', { who: already })}</Alert>}
        {own && <Alert color="saffron">{t('slack.linkOwn', { member: own })}</Alert>}
        <Group>
          <Button loading={link.isPending} onClick={() => link.mutate()}>
            {t('slack.linkYes')}
          </Button>
          <Button variant="default" component={Link} to="/" onClick={() => forget('link')}>
            {t('slack.linkNo')}
          </Button>
        </Group>
      </Stack>
    </Plain>
  )
}
