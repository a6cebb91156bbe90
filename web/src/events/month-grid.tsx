import { ActionIcon, Paper, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import type { CalendarEvent } from '../api/shapes'
import { longDate, shortDay } from '../clock/clock'
import { datesOf } from '../clock/month'
import classes from './calendar.module.css'
import { touches, weeksOf } from './events'

interface Props {
  month: string
  today: string
  events: CalendarEvent[]
  /** Absent for those who only read. */
  onAdd?: (date: string) => void
}

const MOST = 3 // chips of a date

/** A month by weeks, with what is on each date. */
export function MonthGrid({ month, today, events, onAdd }: Props) {
  const weeks = weeksOf(month)
  const dates = datesOf(month)
  return (
    <Paper style={{ overflow: 'hidden' }}>
      <table className={classes.grid} data-testid="month-grid">
        <thead>
          <tr>
            {weeks[0]?.map((date) => (
              <th key={date} scope="col">
                {shortDay(date).weekday}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((date) => (
                <Cell
                  key={date}
                  date={date}
                  outside={!dates.includes(date)}
                  today={date === today}
                  events={events.filter((one) => touches(one, date))}
                  onAdd={onAdd}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Paper>
  )
}

interface CellProps {
  date: string
  outside: boolean
  today: boolean
  events: CalendarEvent[]
  onAdd?: (date: string) => void
}

function Cell({ date, outside, today, events, onAdd }: CellProps) {
  const { t } = useTranslation()
  const { day, beside } = shortDay(date)
  const titles = events.map((one) => one.title).join(', ')
  return (
    <td
      data-outside={outside || undefined}
      data-today={today || undefined}
      data-holiday={events.some((one) => one.kind === 'holiday') || undefined}
      title={titles}
      aria-label={titles ? t('events.dayLabel', { date: longDate(date), titles }) : undefined}
      data-testid={`date-${date}`}
    >
      <div className={classes.top}>
        <span className={classes.number}>{day}</span>
        {beside && <span className={classes.beside}>{beside}</span>}
        {onAdd && !outside && (
          <ActionIcon
            className={classes.plus}
            variant="subtle"
            color="gray"
            size={24}
            aria-label={t('events.addOn', { date: longDate(date) })}
            onClick={() => onAdd(date)}
          >
            <IconPlus size={16} />
          </ActionIcon>
        )}
      </div>
      <div className={classes.chips}>
        {events.slice(0, MOST).map((one) => (
          <span key={one.id} className={classes.chip} data-kind={one.kind}>
            {one.start && one.date === date ? `${one.start} ` : ''}
            {one.title}
          </span>
        ))}
        {events.length > MOST && (
          <Text size="xs" c="dimmed" className={classes.moreChips}>
            {t('events.more', { count: events.length - MOST })}
          </Text>
        )}
      </div>
    </td>
  )
}
