import { ActionIcon, Anchor, Badge, Group, Paper, Stack, Text, Tooltip } from '@mantine/core'
import { MonthPickerInput } from '@mantine/dates'
import { IconCalendarOff, IconCalendarEvent, IconChevronLeft, IconChevronRight, IconLogin2, IconLogout2, IconPhoto } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { Day, Punch } from '../api/shapes'
import { clockTime, duration, localDate, shortDay } from '../clock/clock'
import { Empty, Failed, Rows } from '../shell/states'
import { monthName, shift } from './month'
import classes from './month-view.module.css'

interface Props {
  company: string
  username: string
  /** The company's zone. */
  zone: string
  /** Show why each punch was believed, which is the admin's concern. */
  decisions?: boolean
}

export function MonthView({ company, username, zone, decisions = false }: Props) {
  const { t } = useTranslation()
  const present = localDate(new Date(), zone).slice(0, 7)
  const [month, setMonth] = useState(present)
  const answer = useQuery({
    queryKey: ['days', company, username, month],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/employees/{username}/days', {
          params: { path: { company, username }, query: { month } },
        }),
      ),
  })
  const days = (answer.data?.days ?? []).filter((day) => day.punches.length > 0)
  const worked = days.reduce((sum, day) => sum + day.worked_seconds, 0)
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Group gap={6} wrap="nowrap">
          <ActionIcon variant="default" size={42} aria-label={t('days.previous')} onClick={() => setMonth(shift(month, -1))}>
            <IconChevronLeft size={20} />
          </ActionIcon>
          <MonthPickerInput
            aria-label={`${t('days.month')}: ${monthName(month)}`}
            value={`${month}-01`}
            onChange={(value) => value && setMonth(value.slice(0, 7))}
            maxDate={`${present}-01`}
            valueFormat="MMMM YYYY"
            leftSection={<IconCalendarEvent size={18} />}
            size="md"
            w={210}
          />
          <ActionIcon
            variant="default"
            size={42}
            aria-label={t('days.next')}
            disabled={month >= present}
            onClick={() => setMonth(shift(month, 1))}
          >
            <IconChevronRight size={20} />
          </ActionIcon>
        </Group>
        {days.length > 0 && (
          <Text size="sm" c="dimmed" className="figures">
            {t('days.present', { count: days.length })}, {t('days.total', { duration: duration(worked) })}
          </Text>
        )}
      </Group>
      {answer.isPending && <Rows count={5} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && days.length === 0 && (
        <Empty icon={IconCalendarOff} title={t('days.empty')} hint={t('days.emptyHint')} />
      )}
      {days.length > 0 && (
        <Paper style={{ overflow: 'hidden' }}>
          {[...days].reverse().map((day) => (
            <DayRow key={day.date} day={day} zone={zone} decisions={decisions} />
          ))}
        </Paper>
      )}
    </Stack>
  )
}

type Showing = Pick<Props, 'zone' | 'decisions'>

function DayRow({ day, ...showing }: { day: Day } & Showing) {
  const { t } = useTranslation()
  const { weekday, day: number } = shortDay(day.date)
  const today = localDate(new Date(), showing.zone)
  return (
    <div className={classes.day} data-testid={`day-${day.date}`}>
      <div className={classes.date}>
        <span className={classes.number}>{number}</span>
        <span className={classes.weekday}>{weekday}</span>
      </div>
      <div className={classes.punches}>
        {day.punches.map((punch) => (
          <PunchItem key={punch.id} punch={punch} {...showing} />
        ))}
      </div>
      <div className={classes.sum}>
        <Text fw={580} className="figures">
          {duration(day.worked_seconds)}
        </Text>
        {!day.last_out && (
          <Badge color="marigold" variant="light" tt="none">
            {t(day.date < today ? 'days.missing' : 'days.open')}
          </Badge>
        )}
      </div>
    </div>
  )
}

function PunchItem({ punch, zone, decisions }: { punch: Punch } & Showing) {
  const { t, i18n } = useTranslation()
  const Icon = punch.direction === 'entry' ? IconLogin2 : IconLogout2
  // A source that this site is too old to know goes by its own name.
  const source = `days.source.${punch.source}`
  return (
    <div className={classes.punch}>
      <Icon
        size={18}
        stroke={1.8}
        color={punch.direction === 'entry' ? 'var(--mantine-color-pine-text)' : 'var(--mantine-color-dimmed)'}
        aria-label={t(punch.direction === 'entry' ? 'days.entry' : 'days.exit')}
      />
      <span className="figures">{clockTime(punch.at, zone)}</span>
      <Text span size="xs" c="dimmed" className={classes.where}>
        {punch.place ?? (i18n.exists(source) ? t(source as 'days.source.kiosk') : punch.source)}
      </Text>
      <span className={classes.why}>
      {punch.source === 'pin' && (
        <Text span size="xs" c="dimmed">
          {t('days.source.pin')}
        </Text>
      )}
      {decisions && punch.score > 0 && (
        <Tooltip
          label={t('days.scoreHint', { threshold: punch.threshold.toFixed(2), model: punch.model ?? '' })}
          multiline
          maw={320}
        >
          <Text span size="xs" c="dimmed" className="figures" tabIndex={0}>
            {t('days.score', { score: punch.score.toFixed(2) })}, {t('days.margin', { margin: punch.margin.toFixed(2) })}
          </Text>
        </Tooltip>
      )}
      {decisions && punch.picture_erased && (
        <Text span size="xs" c="dimmed">
          {t('erasure.picture')}
        </Text>
      )}
      {decisions && punch.picture_url && (
        <Anchor href={punch.picture_url} target="_blank" rel="noreferrer" size="xs">
          <Group gap={3} component="span" wrap="nowrap">
            <IconPhoto size={14} /> {t('days.picture')}
          </Group>
        </Anchor>
      )}
      </span>
    </div>
  )
}
