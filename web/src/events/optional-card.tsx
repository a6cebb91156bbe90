import { ActionIcon, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { OptionalHoliday } from '../api/shapes'
import { addDays, dateOf, longDate } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Failed, Rows } from '../shell/states'
import classes from './calendar.module.css'
import { useCalendarChanged } from './events'

/** The optional holidays of a leave year; a person chooses theirs, and the admin corrects. */
export function OptionalCard({ username }: { username: string }) {
  const { t } = useTranslation()
  const me = useMe()
  const { company } = me
  const [date, setDate] = useState('')
  const answer = useQuery({
    queryKey: ['optional', company, username, date],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/employees/{username}/optional-holidays', {
          params: { path: { company, username }, query: date ? { date } : {} },
        }),
      ),
    placeholderData: (before) => before,
  })
  const year = answer.data
  const mayChoose = me.role === 'admin' || me.username === username
  // Where there never is one, there is no card.
  if (year && year.most === 0 && year.holidays.length === 0 && !date) return null
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="optional-card">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Title order={2}>{t('optional.title')}</Title>
            {year && (
              <Text size="sm" c="dimmed" data-testid="optional-lead">
                {t('optional.lead', { taken: year.taken, most: year.most, from: dateOf(year.begin, 'UTC'), to: dateOf(year.last, 'UTC') })}
              </Text>
            )}
          </div>
          {year && (
            <Group gap={6} wrap="nowrap">
              <ActionIcon variant="default" size={36} aria-label={t('optional.previous')} onClick={() => setDate(addDays(year.begin, -1))}>
                <IconChevronLeft size={18} />
              </ActionIcon>
              <ActionIcon variant="default" size={36} aria-label={t('optional.next')} onClick={() => setDate(addDays(year.last, 1))}>
                <IconChevronRight size={18} />
              </ActionIcon>
            </Group>
          )}
        </Group>
        {answer.isPending && <Rows count={2} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {year && (
          <ul className={classes.list}>
            {year.holidays.map((one) => (
              <Row key={one.id} holiday={one} username={username} full={year.taken >= year.most} mayChoose={mayChoose} />
            ))}
          </ul>
        )}
      </Stack>
    </Paper>
  )
}

interface RowProps {
  holiday: OptionalHoliday
  username: string
  full: boolean
  mayChoose: boolean
}

function Row({ holiday, username, full, mayChoose }: RowProps) {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const changed = useCalendarChanged(company)
  const params = { path: { company, username, date: holiday.date, event_id: holiday.id } }
  const path = '/api/v1/companies/{company}/employees/{username}/optional-holidays/{date}/{event_id}'
  const toggle = useMutation({
    mutationFn: () => (holiday.chosen ? ok(api.DELETE(path, { params })) : ok(api.PUT(path, { params }))),
    onSuccess: changed,
  })
  const open = mayChoose && (role === 'admin' || !holiday.passed) && (holiday.chosen || !full)
  const label = holiday.chosen ? 'optional.drop' : 'optional.choose'
  return (
    <li className={classes.row} data-testid={`optional-${holiday.title}`}>
      <div className={classes.what}>
        <Text fw={540}>{holiday.title}</Text>
        <Text size="sm" c="dimmed">
          {longDate(holiday.date)}
        </Text>
        {toggle.error && <Failed error={toggle.error} />}
      </div>
      {holiday.chosen && (
        <Badge color="pine" variant="light" tt="none">
          {t(holiday.by_admin ? 'optional.byAdmin' : 'optional.chosen')}
        </Badge>
      )}
      {!holiday.chosen && holiday.passed && (
        <Badge color="gray" variant="outline" tt="none">
          {t('optional.passed')}
        </Badge>
      )}
      {open && (
        <Button
          size="sm"
          variant={holiday.chosen ? 'default' : 'light'}
          loading={toggle.isPending}
          onClick={() => toggle.mutate()}
          aria-label={t(holiday.chosen ? 'optional.dropOf' : 'optional.chooseOf', { title: holiday.title })}
        >
          {t(label)}
        </Button>
      )}
    </li>
  )
}
