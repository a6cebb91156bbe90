import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { OpenDay } from '../api/shapes'
import { clockTime, longDate } from '../clock/clock'
import { openDaysKey } from '../corrections/corrections'
import { useMe } from '../session/use-session'
import classes from './open-days.module.css'

const few = 5

/** Days whose exit is missing or guessed, with the way to put them right; nothing when there are none. */
export function OpenDays() {
  const { t } = useTranslation()
  const { company } = useMe()
  const [all, show] = useDisclosure()
  const answer = useQuery({
    queryKey: openDaysKey(company),
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/open-days', { params: { path: { company } } })),
  })
  const days = answer.data?.days ?? []
  if (days.length === 0) return null
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} data-testid="open-days">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <div>
            <Title order={2}>{t('closing.look')}</Title>
            <Text size="sm" c="dimmed">
              {t('closing.lookHint')}
            </Text>
          </div>
          <Badge size="lg" color="red" variant="light">
            {days.length}
          </Badge>
        </Group>
        <ul className={classes.list}>
          {(all ? days : days.slice(0, few)).map((day) => (
            <Row key={`${day.date} ${day.username}`} day={day} />
          ))}
        </ul>
        {!all && days.length > few && (
          <Button variant="subtle" size="xs" onClick={show.open} style={{ alignSelf: 'flex-start' }}>
            {t('closing.more', { count: days.length })}
          </Button>
        )}
      </Stack>
    </Paper>
  )
}

function Row({ day }: { day: OpenDay }) {
  const { t } = useTranslation()
  const { date, name, username, time_zone: zone, auto_exit: guess } = day
  return (
    <li>
      <Link
        to="/employees/$username"
        params={{ username }}
        search={{ month: date.slice(0, 7) }}
        hash={`day-${date}`}
        className={classes.row}
        aria-label={t('closing.fix', { date: longDate(date), name })}
      >
        <span className={classes.who}>
          <Text span fw={540}>
            {name}
          </Text>
          <Text span size="sm" c="dimmed">
            {longDate(date)}, {t('closing.came', { time: clockTime(day.last_in, zone) })}
          </Text>
        </span>
        <Badge color={guess ? 'marigold' : 'red'} variant="light" tt="none">
          {guess ? t('closing.guessed', { time: clockTime(guess, zone) }) : t('closing.missing')}
        </Badge>
      </Link>
    </li>
  )
}
