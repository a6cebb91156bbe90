import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { ownLinkKey } from './slack'

/** Who one is in Slack; nothing where the company has none. */
export function OwnSlackCard() {
  const { t } = useTranslation()
  const { company, username, time_zone: zone } = useMe()
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const params = { path: { company, username } }
  const key = ownLinkKey(company, username)
  const link = useQuery({
    queryKey: key,
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/slack/people/{username}', { params })),
  })
  const unlink = useMutation({
    mutationFn: () => ok(api.DELETE('/api/v1/companies/{company}/slack/people/{username}', { params })),
    onSuccess: () => {
      setAsking(false)
      notifications.show({ message: t('slack.unlinked'), color: 'pine' })
      return queries.invalidateQueries({ queryKey: key })
    },
  })
  if (!link.data || (!link.data.connected && !link.data.member_id)) return null
  const { member_id: member, linked_at: since, team_name: team } = link.data
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} maw={640} data-testid="slack-own">
      <Stack gap="xs">
        <Title order={2}>{t('slack.own')}</Title>
        <Text size="sm" c="dimmed">
          {team && t('slack.ownLead', { team })} {member ? t('slack.ownLinked', { member, when: dateAndTime(since ?? '', zone) }) : t('slack.ownNot')}
        </Text>
        {member && (
          <Group>
            <Button size="sm" variant="default" onClick={() => setAsking(true)}>
              {t('slack.unlink')}
            </Button>
          </Group>
        )}
      </Stack>
      <Confirm
        opened={asking}
        title={t('slack.ownUnlinkTitle')}
        text={t('slack.ownUnlinkHint')}
        yes={t('slack.unlink')}
        pending={unlink.isPending}
        error={unlink.error}
        onYes={() => unlink.mutate()}
        onClose={() => setAsking(false)}
      />
    </Paper>
  )
}
