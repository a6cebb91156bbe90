import { ActionIcon, Anchor, Badge, Group, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconLogin2, IconLogout2, IconPencil, IconPhoto } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Day, Punch } from '../api/shapes'
import { clockTime, dateAndTime, duration, fullDate, localDate, longDate, shortDay } from '../clock/clock'
import classes from './month-view.module.css'

// Most look at their days, and correct none.
const DayHistory = lazy(() => import('../corrections/day-history').then((history) => ({ default: history.DayHistory })))
const CorrectForm = lazy(() => import('../corrections/correct-form').then((form) => ({ default: form.CorrectForm })))

interface Showing {
  /** The zone in which the dates are. */
  zone: string
  decisions: boolean
}

/** Who may have the day corrected, and how; absent: whoever looks may not. */
export interface Correcting {
  company: string
  username: string
  /** The admin edits at once; a person asks. */
  edit: boolean
}

const colors: Record<Day['day_status'], string> = {
  present: 'pine',
  late: 'marigold',
  half_day: 'marigold',
  absent: 'red',
  on_leave: 'gray',
  holiday: 'gray',
  weekly_off: 'gray',
  expected: 'gray',
  none: 'gray',
}

/** One date of a month: its punches, and what they come to. */
export function DayRow({ day, correcting, ...showing }: { day: Day; correcting?: Correcting | undefined } & Showing) {
  const { t } = useTranslation()
  const { weekday, day: number, beside } = shortDay(day.date)
  const today = localDate(new Date(), showing.zone)
  const facts = [
    day.late_seconds > 0 && t('day.lateBy', { duration: duration(day.late_seconds) }),
    day.early_seconds > 0 && t('day.earlyBy', { duration: duration(day.early_seconds) }),
    day.overtime_seconds > 0 && t('day.overtime', { duration: duration(day.overtime_seconds) }),
    day.break_seconds >= 60 && t('day.break', { duration: duration(day.break_seconds) }),
  ].filter((fact) => fact !== false)
  // The exit may still come; what the day counts as says the rest.
  const open = day.status === 'in' && !day.flags.includes('missing_exit')
  // A holiday's name is among the facts.
  const events = day.events.filter((event) => event.kind === 'event' || (event.kind === 'optional' && !day.holiday))
  const flags = day.flags.filter((flag) => flag !== 'queued' && flag !== 'corrected')
  const waits = day.corrections.some((correction) => correction.state === 'requested')
  return (
    <div
      className={classes.day}
      id={`day-${day.date}`}
      data-testid={`day-${day.date}`}
      data-status={day.day_status}
      data-empty={day.punches.length === 0 || undefined}
      data-today={day.date === today || undefined}
    >
      <div className={classes.date} title={fullDate(day.date)}>
        <span className={classes.number}>{number}</span>
        <span className={classes.weekday}>{weekday}</span>
        {beside && <span className={classes.beside}>{beside}</span>}
      </div>
      <div className={classes.middle}>
        {day.punches.length > 0 && (
          <div className={classes.punches}>
            {day.punches.map((punch) => (
              <PunchItem key={punch.id} punch={punch} {...showing} />
            ))}
          </div>
        )}
        {day.rejected.length > 0 && (
          <div className={classes.punches} data-testid="rejected">
            {day.rejected.map((punch) => (
              <PunchItem key={punch.id} punch={punch} {...showing} />
            ))}
          </div>
        )}
        <Text size="xs" c="dimmed" className={classes.facts}>
          {[
            day.holiday,
            day.shift &&
              t('day.shift', {
                name: day.shift.name,
                from: clockTime(day.shift.start, showing.zone),
                to: clockTime(day.shift.end, showing.zone),
              }),
            ...facts,
          ]
            .filter(Boolean)
            .join(', ')}
        </Text>
        {events.map((event) => (
          <Text key={event.id} size="xs" className={classes.facts} data-testid={`day-event-${event.title}`}>
            {event.start && `${event.start}–${event.end} `}
            {event.title}
            {event.kind === 'optional' && ` (${t('events.kind.optional')})`}
          </Text>
        ))}
      </div>
      <div className={classes.sum}>
        {day.punches.length > 0 && (
          <Text fw={580} className="figures">
            {duration(day.worked_seconds)}
          </Text>
        )}
        <Badge color={colors[day.day_status]} variant={day.punches.length > 0 ? 'light' : 'outline'} tt="none">
          {t(`day.${day.day_status}`)}
        </Badge>
        {day.leave && day.day_status !== 'on_leave' && (
          <Badge color="gray" variant="light" tt="none">
            {t(`leave.onDay.${day.leave}`)}
          </Badge>
        )}
        {open && (
          <Badge color="marigold" variant="light" tt="none">
            {t('days.open')}
          </Badge>
        )}
        {flags.map((flag) => (
          <Badge key={flag} color={flag === 'missing_exit' ? 'red' : 'marigold'} variant="light" tt="none">
            {t(`day.flags.${flag}`)}
          </Badge>
        ))}
        {waits && (
          <Badge color="marigold" variant="light" tt="none">
            {t('corrections.waits')}
          </Badge>
        )}
      </div>
      {correcting && <Correct day={day} zone={showing.zone} {...correcting} />}
      {day.corrections.length > 0 && (
        <div className={classes.history}>
          <Suspense>
            <DayHistory day={day} zone={showing.zone} />
          </Suspense>
        </div>
      )}
    </div>
  )
}

function Correct({ day, zone, ...whose }: { day: Day; zone: string } & Correcting) {
  const { t } = useTranslation()
  const [opened, { open, close }] = useDisclosure()
  const [asked, setAsked] = useState(false)
  const ask = () => {
    setAsked(true)
    open()
  }
  const label = t(whose.edit ? 'corrections.editOf' : 'corrections.askOf', { date: longDate(day.date) })
  return (
    <div className={classes.correct}>
      <Tooltip label={t(whose.edit ? 'corrections.edit' : 'corrections.ask')}>
        <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={ask}>
          <IconPencil size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      {asked && (
        <Suspense>
          <CorrectForm day={day} zone={zone} {...whose} opened={opened} onClose={close} />
        </Suspense>
      )}
    </div>
  )
}

function PunchItem({ punch, zone, decisions }: { punch: Punch } & Showing) {
  const { t, i18n } = useTranslation()
  const Icon = punch.direction === 'entry' ? IconLogin2 : IconLogout2
  // A source that this site is too old to know goes by its own name.
  const source = `days.source.${punch.source}`
  const filed = punch.source === 'import' || punch.source === 'device'
  return (
    <div className={classes.punch}>
      <Icon
        size={18}
        stroke={1.8}
        color={punch.direction === 'entry' ? 'var(--mantine-color-pine-text)' : 'var(--mantine-color-dimmed)'}
        aria-label={t(punch.direction === 'entry' ? 'days.entry' : 'days.exit')}
      />
      <span className="figures" style={punch.rejected_at ? { textDecoration: 'line-through' } : undefined}>
        {clockTime(punch.at, zone)}
      </span>
      <Text span size="xs" c="dimmed" className={classes.where}>
        {punch.place ?? (!filed && (i18n.exists(source) ? t(source as 'days.source.kiosk') : punch.source))}
      </Text>
      <span className={classes.why}>
      {punch.received_at && (
        <Tooltip label={t(filed ? 'imports.received' : 'day.queuedHint', { time: dateAndTime(punch.received_at, zone) })} multiline maw={320}>
          <Text span size="xs" c={filed ? 'dimmed' : 'marigold'} tabIndex={0}>
            {filed ? t(source as 'days.source.import') : t('day.flags.queued')}
          </Text>
        </Tooltip>
      )}
      {punch.rejected_at && (
        <Tooltip
          label={t('punchDoubt.rejectedHint', { who: punch.rejected_by ?? '', time: dateAndTime(punch.rejected_at, zone) })}
          multiline
          maw={320}
        >
          <Text span size="xs" c="red" tabIndex={0}>
            {t('punchDoubt.rejected')}
          </Text>
        </Tooltip>
      )}
      {punch.confirmed && (
        <Text span size="xs" c="dimmed">
          {t(`punchDoubt.${punch.confirmed}`)}
        </Text>
      )}
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
