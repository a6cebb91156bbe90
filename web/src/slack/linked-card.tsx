import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { SlackPerson } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import classes from '../events/calendar.module.css'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { Failed, Rows } from '../shell/states'
import { slackKey, slackPeopleKey } from './slack'

/** Who of the company's people is linked with whom in Slack. */
export function LinkedCard() {
  const { t } = useTranslation()
  const { company, role, time_zone: zone } = useMe()
  const queries = useQueryClient()
  const [asking, setAsking] = useState<SlackPerson>()
  const people = useQuery({
    queryKey: slackPeopleKey(company),
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/slack/people', { params: { path: { company } } })),
  })
  const unlink = useMutation({
    mutationFn: (username: string) =>
      ok(api.DELETE('/api/v1/companies/{company}/slack/people/{username}', { params: { path: { company, username } } })),
    onSuccess: () => {
      setAsking(undefined)
      notifications.show({ message: t('slack.unlinked'), color: 'pine' })
      return queries.invalidateQueries({ queryKey: slackKey(company) })
    },
  })
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640} data-testid="slack-linked">
      <Stack>
        <Title order={2}>{t('slack.linkedTitle')}</Title>
        {people.isPending && <Rows count={2} />}
        {people.error && <Failed error={people.error} retry={() => void people.refetch()} />}
        {people.data?.people.length === 0 && <Text c="dimmed">{t('slack.linkedNone')}</Text>}
        <ul className={classes.list}>
          {people.data?.people.map((one) => (
            <li key={one.username} className={classes.row}>
              <div className={classes.what}>
                <Text fw={560}>{one.name}</Text>
                <Text size="sm" c="dimmed">
                  {t('slack.linkedSince', { member: one.member_id, when: dateAndTime(one.linked_at, zone) })}
                </Text>
              </div>
              {role === 'admin' && (
                <Group>
                  <Button size="sm" variant="default" aria-label={t('slack.unlinkOf', { name: one.name })} onClick={() => setAsking(one)}>
                    {t('slack.unlink')}
                  </Button>
                </Group>
              )}
            </li>
          ))}
        </ul>
      </Stack>
      <Confirm
        opened={asking !== undefined}
        title={t('slack.unlinkTitle', { name: asking?.name })}
        text={t('slack.unlinkHint')}
        yes={t('slack.unlink')}
        pending={unlink.isPending}
        error={unlink.error}
        onYes={() => asking && unlink.mutate(asking.username)}
        onClose={() => setAsking(undefined)}
      />
    </Paper>
  )
}
