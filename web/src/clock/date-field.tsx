// What asks for a date, for dates from–to and for a month, by the calendar that
// the reader chose. Values are Gregorian dates such as 2026-11-24, whatever is
// shown. Mantine's own date inputs are used here alone: eslint says so elsewhere.
import type { InputBaseProps, MantineSize } from '@mantine/core'
import { DateInput, DatePickerInput, MonthPickerInput, PickerInputBase } from '@mantine/dates'
import { useDisclosure } from '@mantine/hooks'
import { IconCalendar, IconCalendarEvent } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { i18next } from '../locale/locale'
import { bsOf } from './bikram'
import { BsCalendar, BsMonths, inBikram } from './bs-calendar'
import { besideDates, fullDate, ownDate, shortDate } from './clock'
import { useDateStyle } from './date-style'
import { datesOf, monthName, monthOf, type Calendar } from './month'

interface FieldProps extends Pick<InputBaseProps, 'label' | 'description' | 'error' | 'required' | 'withAsterisk' | 'disabled'> {
  size?: MantineSize
  'aria-label'?: string
  'data-testid'?: string
  id?: string
  name?: string
  placeholder?: string
  clearable?: boolean
  w?: number | string
  maw?: number | string
  style?: React.CSSProperties
  onFocus?: React.FocusEventHandler
  onBlur?: React.FocusEventHandler
}

interface Bounds {
  minDate?: string
  maxDate?: string
}

interface DateFieldProps extends FieldProps, Bounds {
  value: string | null
  onChange: (value: string | null) => void
}

type Dates = [string | null, string | null]

interface DateRangeFieldProps extends FieldProps, Bounds {
  value: Dates
  onChange: (value: Dates) => void
}

interface MonthFieldProps extends FieldProps {
  /** As month.ts names it. */
  value: string
  onChange: (month: string) => void
  /** For what knows the months of one calendar only. */
  calendar?: Calendar
}

const week = { firstDayOfWeek: 0, weekendDays: [] as (0 | 6)[] } as const

/** Asks for a date. */
export function DateField({ value, onChange, size = 'md', minDate, maxDate, ...rest }: DateFieldProps) {
  const { calendar, both } = useDateStyle()
  // An empty text is no date, as in other inputs.
  const date = value || null
  if (calendar === 'bs' && inBikram(date))
    return (
      <BsField {...rest} size={size} text={date && shortDate(date)} onClear={() => onChange(null)}>
        {(close) => (
          <BsCalendar
            chosen={[date]}
            min={minDate}
            max={maxDate}
            onChoose={(chosen) => {
              onChange(chosen)
              close()
            }}
          />
        )}
      </BsField>
    )
  const shared = { ...week, ...rest, size, minDate, maxDate, value: date, onChange, leftSection: <IconCalendar size={18} /> }
  // Only dates of one calendar can be typed.
  if (!both && calendar !== 'bs') return <DateInput {...shared} valueFormat="ddd D MMM YYYY" />
  return (
    <DatePickerInput
      {...shared}
      {...besideDays}
      valueFormatter={({ date: chosen }) => (typeof chosen === 'string' ? shortDate(chosen) : '')}
    />
  )
}

/** Asks for the first and the last of some dates; a single one is chosen twice. */
export function DateRangeField({ value, onChange, size = 'md', minDate, maxDate, ...rest }: DateRangeFieldProps) {
  const { calendar, both } = useDateStyle()
  const [from, to] = value
  if (calendar === 'bs' && inBikram(from) && inBikram(to))
    return (
      <BsField {...rest} size={size} text={from && rangeText(from, to)} onClear={() => onChange([null, null])}>
        {(close) => (
          <BsCalendar
            chosen={[from, to]}
            min={minDate}
            max={maxDate}
            onChoose={(date) => {
              const done = from !== null && to === null
              onChange(!done ? [date, null] : date < from ? [date, from] : [from, date])
              if (done) close()
            }}
          />
        )}
      </BsField>
    )
  return (
    <DatePickerInput
      type="range"
      allowSingleDateInRange
      {...week}
      {...rest}
      size={size}
      minDate={minDate}
      maxDate={maxDate}
      value={value}
      onChange={onChange}
      leftSection={<IconCalendar size={18} />}
      {...(both ? besideDays : {})}
      valueFormatter={({ date }) => (Array.isArray(date) && date[0] ? rangeText(String(date[0]), date[1] ? String(date[1]) : null) : '')}
    />
  )
}

/** Asks for a month. */
export function MonthField({ value, onChange, size = 'md', calendar: only, ...rest }: MonthFieldProps) {
  const style = useDateStyle()
  const calendar = only ?? style.calendar
  const first = datesOf(value)[0] ?? ''
  if (calendar === 'bs' && bsOf(first)) {
    const month = monthOf(first, 'bs')
    return (
      <BsField {...rest} size={size} text={monthName(value)} icon={<IconCalendarEvent size={18} />}>
        {(close) => (
          <BsMonths
            value={month}
            onChoose={(chosen) => {
              onChange(chosen)
              close()
            }}
          />
        )}
      </BsField>
    )
  }
  return (
    <MonthPickerInput
      {...rest}
      size={size}
      value={first || null}
      onChange={(date) => date && onChange(date.slice(0, 7))}
      valueFormatter={() => monthName(value)}
      leftSection={<IconCalendarEvent size={18} />}
    />
  )
}

// The days of Mantine's calendar with those of Bikram Sambat below.
const besideDays = {
  getDayProps: (date: string) => ({ 'aria-label': fullDate(date) }),
  renderDay: (date: string) => {
    const bs = bsOf(date)
    return (
      <span style={{ display: 'flex', flexDirection: 'column', alignItems: 'center', lineHeight: 1.1 }}>
        {Number(date.slice(8))}
        {bs && <small style={{ fontSize: '0.6875rem', opacity: 0.75 }}>{bs.day}</small>}
      </span>
    )
  },
}

function rangeText(from: string, to: string | null): string {
  const text = to === null ? `${ownDate(from)} –` : from === to ? ownDate(from) : `${ownDate(from)} – ${ownDate(to)}`
  const beside = besideDates(from, to ?? from)
  return beside ? i18next.t('calendar.beside', { first: text, other: beside }) : text
}

interface BsFieldProps extends FieldProps {
  text: string | null
  icon?: ReactNode
  onClear?: () => void
  children: (close: () => void) => ReactNode
}

function BsField({ text, icon, onClear, children, label, ...rest }: BsFieldProps) {
  const { t } = useTranslation()
  const [opened, handlers] = useDisclosure(false)
  // A button goes by its label alone, so that what is chosen would not be told.
  const told = typeof label === 'string' && text ? `${label}: ${text}` : undefined
  return (
    <PickerInputBase
      aria-label={told}
      {...rest}
      label={label}
      type="default"
      value={null}
      formattedValue={text}
      shouldClear={text !== null}
      onClear={() => onClear?.()}
      clearButtonProps={{ 'aria-label': t('calendar.clear') }}
      leftSection={icon ?? <IconCalendar size={18} />}
      dropdownOpened={opened}
      dropdownHandlers={handlers}
      popoverProps={{ returnFocus: true }}
    >
      {children(handlers.close)}
    </PickerInputBase>
  )
}
