import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { OpenSession } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { Failed, Rows } from '../shell/states'
import { sessionsKey, useSessions } from './account'

/** Where somebody is signed in, and the end of it. */
export function SessionsCard() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const answer = useSessions()
  const [asking, setAsking] = useState(false)
  const open = answer.data?.sessions ?? []
  const endOthers = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/me/sessions')),
    onSuccess: () => {
      setAsking(false)
      notifications.show({ message: t('account.othersEnded'), color: 'pine' })
      return queries.invalidateQueries({ queryKey: sessionsKey })
    },
  })
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} maw={640}>
      <Stack>
        <div>
          <Title order={2}>{t('account.sessions')}</Title>
          <Text size="sm" c="dimmed">
            {t('account.sessionsLead')}
          </Text>
        </div>
        {answer.isPending && <Rows count={2} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {open.map((one) => (
          <SessionRow key={one.id} one={one} />
        ))}
        {open.length > 1 && (
          <Group>
            <Button variant="default" onClick={() => setAsking(true)}>
              {t('account.endOthers')}
            </Button>
          </Group>
        )}
      </Stack>
      <Confirm
        opened={asking}
        title={t('account.endOthersTitle')}
        text={t('account.endOthersHint')}
        yes={t('account.endOthers')}
        pending={endOthers.isPending}
        error={endOthers.error}
        onYes={() => endOthers.mutate()}
        onClose={() => setAsking(false)}
      />
    </Paper>
  )
}

function SessionRow({ one }: { one: OpenSession }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { time_zone: zone } = useMe()
  const end = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/me/sessions/{session}', { params: { path: { session: one.id } } })),
    onSuccess: () => {
      notifications.show({ message: t('account.ended'), color: 'pine' })
      return queries.invalidateQueries({ queryKey: sessionsKey })
    },
  })
  const Icon = /iPhone|iPad|Android/.test(one.device) ? IconDeviceMobile : IconDeviceDesktop
  return (
    <Stack gap="xs" data-testid="session" data-current={one.current}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Group wrap="nowrap" align="flex-start" gap="sm">
          <Icon size={28} stroke={1.5} color="var(--mantine-color-dimmed)" style={{ flex: 'none' }} />
          <div>
            <Group gap="xs">
              <Text fw={580}>{one.device || t('account.unknownDevice')}</Text>
              {one.current && (
                <Badge color="pine" variant="light" tt="none">
                  {t('account.current')}
                </Badge>
              )}
            </Group>
            <Text size="sm" c="dimmed">
              {one.address
                ? t('account.sinceFrom', { when: dateAndTime(one.created_at, zone), address: one.address })
                : t('account.since', { when: dateAndTime(one.created_at, zone) })}
            </Text>
            <Text size="sm" c="dimmed">
              {t('account.used', { when: dateAndTime(one.used_at, zone) })}
            </Text>
          </div>
        </Group>
        {!one.current && (
          <Button variant="default" size="sm" loading={end.isPending} onClick={() => end.mutate()} style={{ flex: 'none' }}>
            {t('account.end')}
          </Button>
        )}
      </Group>
      {end.error && <Failed error={end.error} />}
    </Stack>
  )
}
