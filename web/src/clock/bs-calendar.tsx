import { ActionIcon, NativeSelect, UnstyledButton } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { bsOf, FIRST, FIRST_YEAR, LAST, LAST_YEAR } from './bikram'
import classes from './bs-calendar.module.css'
import { addDays, fullDate, localDate, shortDay, weekdayNames, weekdayOf } from './clock'
import { useDateStyle } from './date-style'
import { bsMonth, datesOf, gregorianMonthsOf, isMonth, monthName, monthOf, read, shift } from './month'

interface Props {
  /** The date that is chosen, or the first and the last one. */
  chosen: (string | null)[]
  onChoose: (date: string) => void
  min?: string
  max?: string
}

/** A month of Bikram Sambat, of which a date is chosen. The arrow keys go by days
 * and weeks, the page keys by months, and with Shift by years. */
export function BsCalendar({ chosen, onChoose, min = FIRST, max = LAST }: Props) {
  const { t } = useTranslation()
  const { both, zone } = useDateStyle()
  const today = localDate(new Date(), zone)
  const within = (date: string) => (date < least ? least : date > most ? most : date)
  const [least, most] = [min < FIRST ? FIRST : min, max > LAST ? LAST : max]
  const [focused, setFocused] = useState(within(chosen.find((date) => date) ?? today))
  const [choosing, setChoosing] = useState(false)
  // Only who goes by keys takes the focus along.
  const follow = useRef(false)
  const day = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (follow.current) day.current?.focus()
    follow.current = false
  }, [focused])
  const month = monthOf(focused, 'bs')
  const dates = datesOf(month)
  const [from, to] = chosen

  const go = (by: number) => {
    const there = datesOf(shiftBs(month, by))
    const index = Math.min(dates.indexOf(focused), there.length - 1)
    setFocused(within(there[index] ?? focused))
  }
  const onKey = (event: KeyboardEvent) => {
    const weekday = weekdayOf(focused)
    const steps: Record<string, () => void> = {
      ArrowLeft: () => setFocused(within(addDays(focused, -1))),
      ArrowRight: () => setFocused(within(addDays(focused, 1))),
      ArrowUp: () => setFocused(within(addDays(focused, -7))),
      ArrowDown: () => setFocused(within(addDays(focused, 7))),
      Home: () => setFocused(within(addDays(focused, -weekday))),
      End: () => setFocused(within(addDays(focused, 6 - weekday))),
      PageUp: () => go(event.shiftKey ? -12 : -1),
      PageDown: () => go(event.shiftKey ? 12 : 1),
    }
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    follow.current = true
    step()
  }

  if (choosing)
    return (
      <BsMonths
        value={month}
        least={monthOf(least, 'bs')}
        most={monthOf(most, 'bs')}
        onChoose={(chosenMonth) => {
          setFocused(within(datesOf(chosenMonth)[0] ?? focused))
          setChoosing(false)
        }}
      />
    )
  return (
    <div className={classes.calendar} data-testid="bs-calendar">
      <div className={classes.header}>
        <Step label={t('calendar.previousMonth')} disabled={(dates[0] ?? '') <= least} onClick={() => go(-1)} icon={IconChevronLeft} />
        <UnstyledButton
          className={classes.title}
          aria-label={t('calendar.chooseMonth', { month: monthName(month) })}
          onClick={() => setChoosing(true)}
          data-mantine-stop-propagation
        >
          <span aria-live="polite">{monthName(month, false)}</span>
          {both && <small>{gregorianMonthsOf(month)}</small>}
        </UnstyledButton>
        <Step label={t('calendar.nextMonth')} disabled={(dates.at(-1) ?? '') >= most} onClick={() => go(1)} icon={IconChevronRight} />
      </div>
      <table className={classes.table} role="grid" aria-label={t('calendar.days', { month: monthName(month) })} onKeyDown={onKey}>
        <thead>
          <tr>
            {weekdayNames().map(({ long, short }) => (
              <th key={long} scope="col" abbr={long} aria-label={long}>
                {short}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(dates).map((week, index) => (
            <tr key={index}>
              {week.map((date, column) =>
                date === null ? (
                  <td key={column} />
                ) : (
                  <td key={column} aria-selected={chosen.includes(date)}>
                    <button
                      type="button"
                      ref={date === focused ? day : undefined}
                      className={classes.day}
                      tabIndex={date === focused ? 0 : -1}
                      data-autofocus={date === focused || undefined}
                      data-mantine-stop-propagation
                      data-chosen={chosen.includes(date) || undefined}
                      data-between={(from && to && from < date && date < to) || undefined}
                      aria-current={date === today ? 'date' : undefined}
                      aria-label={fullDate(date)}
                      disabled={date < least || date > most}
                      onClick={() => {
                        setFocused(date)
                        onChoose(date)
                      }}
                    >
                      {shortDay(date).day}
                      {both && <small>{Number(date.slice(8))}</small>}
                    </button>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface MonthsProps {
  value: string
  onChoose: (month: string) => void
  least?: string
  most?: string
}

/** The months of a year of Bikram Sambat, of which one is chosen. */
export function BsMonths({ value, onChoose, least = bsMonth(FIRST_YEAR, 1), most = bsMonth(LAST_YEAR, 12) }: MonthsProps) {
  const { t } = useTranslation()
  const { both } = useDateStyle()
  const [year, setYear] = useState(read(value)?.year ?? FIRST_YEAR)
  const [first, last] = [read(least)?.year ?? FIRST_YEAR, read(most)?.year ?? LAST_YEAR]
  return (
    <div className={classes.calendar} data-testid="bs-months">
      <div className={classes.header}>
        <Step label={t('calendar.previousYear')} disabled={year <= first} onClick={() => setYear(year - 1)} icon={IconChevronLeft} />
        <NativeSelect
          size="sm"
          aria-label={t('calendar.year')}
          value={String(year)}
          onChange={(event) => setYear(Number(event.currentTarget.value))}
          data={Array.from({ length: last - first + 1 }, (_, index) => String(first + index))}
          data-mantine-stop-propagation
        />
        <Step label={t('calendar.nextYear')} disabled={year >= last} onClick={() => setYear(year + 1)} icon={IconChevronRight} />
      </div>
      <div className={classes.months} role="group" aria-label={t('calendar.months', { year })}>
        {Array.from({ length: 12 }, (_, index) => bsMonth(year, index + 1)).map((month) => (
          <button
            key={month}
            type="button"
            className={classes.month}
            data-mantine-stop-propagation
            data-autofocus={month === value || undefined}
            data-chosen={month === value || undefined}
            aria-pressed={month === value}
            aria-label={monthName(month, true)}
            disabled={month < least || month > most}
            onClick={() => onChoose(month)}
          >
            {monthName(month, false).replace(/ \d+$/, '')}
            {both && <small>{gregorianMonthsOf(month)}</small>}
          </button>
        ))}
      </div>
    </div>
  )
}

interface StepProps {
  label: string
  disabled: boolean
  onClick: () => void
  icon: typeof IconChevronLeft
}

function Step({ label, disabled, onClick, icon: Icon }: StepProps) {
  return (
    <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} disabled={disabled} onClick={onClick} data-mantine-stop-propagation>
      <Icon size={18} />
    </ActionIcon>
  )
}

function shiftBs(month: string, by: number): string {
  const there = shift(month, by)
  return isMonth(there) && there.startsWith('bs-') ? there : month
}

/** The dates of a month under the days of a week, which begins on Sunday. */
function weeksOf(dates: string[]): (string | null)[][] {
  const cells: (string | null)[] = [...Array<null>(weekdayOf(dates[0] ?? FIRST)).fill(null), ...dates]
  while (cells.length % 7) cells.push(null)
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7))
}

/** Whether a date can be chosen in this calendar. */
export function inBikram(date: string | null | undefined): boolean {
  return !date || bsOf(date) !== null
}
