import { Alert, Button, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { asProblem } from '../api/problem'
import { sentence } from '../locale/problem-text'
import { setupToken } from '../setup/setup-token'
import { useTabTitle } from '../shell/page-title'
import { Plain } from '../shell/plain'
import { PageLoading } from '../shell/states'

/** Records who comes or goes where Slack cannot tell where they are. */
export function SlackPunchPage() {
  const { t } = useTranslation()
  const { hash } = useLocation()
  const token = setupToken('', hash)
  const asks = useQuery({
    queryKey: ['slack-punch', token],
    queryFn: () => ok(api.POST('/api/v1/slack/punches/read', { body: { token } })),
    enabled: token !== '',
    staleTime: Infinity,
    retry: false,
    gcTime: 0,
  })
  const punch = useMutation({
    mutationFn: async () => {
      const position = asks.data?.place ? await here() : ''
      return ok(
        api.POST('/api/v1/slack/punches', { body: { token }, params: { header: position ? { Geolocation: position } : {} } }),
      )
    },
  })
  useTabTitle(t('slack.title'))
  if (!token) return <Plain title={t('slack.punchFailed')} lead={t('slack.linkNoneHint')} />
  if (asks.error) return <Plain title={t('slack.punchFailed')} lead={said(asks.error)} />
  if (!asks.data) return <PageLoading />
  const { direction, name, company_name: company, place } = asks.data
  if (punch.data)
    return (
      <Plain
        title={t(`slack.punchDone.${punch.data.direction}`, { time: punch.data.at.slice(11, 16) })}
        lead={t('slack.punchDoneLead')}
      />
    )
  return (
    <Plain title={t(direction === 'entry' ? 'slack.punchIn' : 'slack.punchOut')} lead={t('slack.punchLead', { name, company })}>
      <Stack>
        {place && <Text size="sm">{t('slack.punchPlace')}</Text>}
        {punch.error && (
          <Alert color="red" role="alert" title={t('slack.punchFailed')}>
            {punch.error instanceof NoPlace ? t('slack.punchNoPlace') : said(punch.error)}
          </Alert>
        )}
        <Button size="lg" loading={punch.isPending} onClick={() => punch.mutate()}>
          {t(`slack.punchDo.${direction}`)}
        </Button>
      </Stack>
    </Plain>
  )
}

class NoPlace extends Error {}

// The codes are those of kiosks, whose words are about kiosks.
function said(error: unknown) {
  return sentence(asProblem(error).detail)
}

function here(): Promise<string> {
  return new Promise((resolve, reject) =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve(`geo:${coords.latitude.toFixed(6)},${coords.longitude.toFixed(6)};u=${Math.ceil(coords.accuracy)}`),
      () => reject(new NoPlace()),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    ),
  )
}
