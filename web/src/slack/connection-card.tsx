import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBrandSlack } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Slack } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { Failed } from '../shell/states'
import { slackKey } from './slack'

/** Which workspace is connected, and the way to connect one. */
export function ConnectionCard({ slack }: { slack: Slack }) {
  const { t } = useTranslation()
  const { company, role, time_zone: zone } = useMe()
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const params = { path: { company } }
  const begin = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/companies/{company}/slack/install', { params })),
    onSuccess: ({ url }) => window.location.assign(url),
  })
  const end = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/companies/{company}/slack', { params })),
    onSuccess: () => {
      setAsking(false)
      notifications.show({ message: t('slack.disconnected'), color: 'pine' })
      return queries.invalidateQueries({ queryKey: slackKey(company) })
    },
  })
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640} data-testid="slack-connection">
      <Stack>
        <Title order={2}>{t('slack.connection')}</Title>
        {slack.connected ? (
          <div>
            <Text fw={560}>{t('slack.connectedTo', { team: slack.team_name })}</Text>
            <Text size="sm" c="dimmed">
              {t('slack.since', { when: dateAndTime(slack.installed_at ?? '', zone), who: slack.installed_by })}
            </Text>
          </div>
        ) : (
          <Text>{t('slack.notConnected')}</Text>
        )}
        {!slack.available && <Alert color="saffron">{t('slack.notAvailable')}</Alert>}
        {begin.error && <Failed error={begin.error} />}
        {role === 'admin' && (slack.available || slack.connected) && (
          <Group>
            {slack.available && (
              <Button
                variant={slack.connected ? 'default' : 'filled'}
                leftSection={<IconBrandSlack size={18} />}
                loading={begin.isPending}
                onClick={() => begin.mutate()}
              >
                {t(slack.connected ? 'slack.again' : 'slack.connect')}
              </Button>
            )}
            {slack.connected && (
              <Button variant="default" onClick={() => setAsking(true)}>
                {t('slack.disconnect')}
              </Button>
            )}
          </Group>
        )}
      </Stack>
      <Confirm
        opened={asking}
        title={t('slack.disconnectTitle')}
        text={t('slack.disconnectHint')}
        yes={t('slack.disconnect')}
        pending={end.isPending}
        error={end.error}
        onYes={() => end.mutate()}
        onClose={() => setAsking(false)}
      />
    </Paper>
  )
}
