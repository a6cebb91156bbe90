// Months, in either calendar. One goes by a name that says of which it is, in
// addresses and to the API: 2026-11, or bs-2083-08.
import { i18next } from '../locale/locale'
import { bsMonthDays, bsOf, FIRST_YEAR, gregorianOf, LAST_YEAR } from './bikram'
import { addDays, bsMonthName, gregorian } from './clock'
import { dateStyle } from './date-style'

export type Calendar = 'gregorian' | 'bs'

interface Parts {
  calendar: Calendar
  year: number
  month: number
}

/** The month that holds a date, in the reader's calendar. */
export function monthOf(date: string, calendar: Calendar = dateStyle().calendar): string {
  const bs = calendar === 'bs' ? bsOf(date) : null
  return bs ? bsMonth(bs.year, bs.month) : date.slice(0, 7)
}

export function bsMonth(year: number, month: number): string {
  return `bs-${year}-${String(month).padStart(2, '0')}`
}

/** Whether a text, of an address perhaps, is the name of a month. */
export function isMonth(text: string): boolean {
  return read(text) !== null
}

/** The dates of a month, in order; none for what is no month. */
export function datesOf(month: string): string[] {
  const parts = read(month)
  if (!parts) return []
  const first = firstOf(parts)
  const next = parts.month === 12 ? { ...parts, year: parts.year + 1, month: 1 } : { ...parts, month: parts.month + 1 }
  const days =
    parts.calendar === 'bs'
      ? bsMonthDays(parts.year, parts.month)
      : (Date.parse(`${firstOf(next)}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / 86_400_000
  return Array.from({ length: days }, (_, index) => addDays(first, index))
}

/** The month a number of months away. Beyond the years of Bikram Sambat months are
 * Gregorian, and one of the other calendar than the reader's leads back to that. */
export function shift(month: string, by: number): string {
  const parts = read(month)
  if (!parts) return month
  const index = parts.year * 12 + parts.month - 1 + by
  const there = { calendar: parts.calendar, year: Math.floor(index / 12), month: (index % 12) + 1 }
  if (parts.calendar === 'bs' && (there.year < FIRST_YEAR || there.year > LAST_YEAR)) {
    const dates = datesOf(month)
    return monthOf(by > 0 ? addDays(dates.at(-1) ?? '', 1) : addDays(dates[0] ?? '', -1), 'gregorian')
  }
  const { calendar } = dateStyle()
  return calendar === parts.calendar ? name(there) : monthOf(firstOf(there))
}

/** Mangsir 2083, with • Nov – Dec 2026 if the reader wants to see both. */
export function monthName(month: string, both = dateStyle().both): string {
  const parts = read(month)
  const dates = datesOf(month)
  const [from, to] = [dates[0], dates.at(-1)]
  if (!parts || !from || !to) return '–'
  const known = bsOf(from) ?? bsOf(to)
  if (parts.calendar === 'bs') {
    const first = `${bsMonthName(parts.month)} ${parts.year}`
    return both ? i18next.t('calendar.beside', { first, other: gregorianMonths(from, to) }) : first
  }
  const first = gregorian(from, { month: 'long', year: 'numeric' })
  if (!known) return dateStyle().calendar === 'bs' ? i18next.t('calendar.outside', { date: first }) : first
  return both ? i18next.t('calendar.beside', { first, other: bsMonths(from, to) }) : first
}

/** Nov – Dec, the Gregorian months in which a month of Bikram Sambat lies. */
export function gregorianMonthsOf(month: string): string {
  const dates = datesOf(month)
  const [from, to] = [dates[0] ?? '', dates.at(-1) ?? '']
  return i18next.t('calendar.range', { from: gregorian(from, { month: 'short' }), to: gregorian(to, { month: 'short' }) })
}

function gregorianMonths(from: string, to: string): string {
  const parts = (date: string) => [gregorian(date, { month: 'short' }), gregorian(date, { year: 'numeric' })]
  return monthSpan(parts(from), parts(to))
}

function bsMonths(from: string, to: string): string {
  const parts = (date: string) => {
    const bs = bsOf(date)
    return bs && [bsMonthName(bs.month), String(bs.year)]
  }
  const [first, last] = [parts(from), parts(to)]
  return monthSpan(first ?? last ?? [], last ?? first ?? [])
}

/** Nov – Dec 2026. */
function monthSpan([m1, y1]: string[], [m2, y2]: string[]): string {
  const to = `${m2} ${y2}`
  if (y1 !== y2) return i18next.t('calendar.range', { from: `${m1} ${y1}`, to })
  return m1 === m2 ? to : i18next.t('calendar.range', { from: m1 ?? '', to })
}

/** Year and month of a name; null for what is no month. */
export function read(month: string): Parts | null {
  const match = /^(bs-)?(\d{4})-(0[1-9]|1[0-2])$/.exec(month)
  if (!match) return null
  const parts: Parts = { calendar: match[1] ? 'bs' : 'gregorian', year: Number(match[2]), month: Number(match[3]) }
  return parts.calendar === 'bs' && bsMonthDays(parts.year, parts.month) === 0 ? null : parts
}

function name({ calendar, year, month }: Parts): string {
  return calendar === 'bs' ? bsMonth(year, month) : `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
}

function firstOf(parts: Parts): string {
  return parts.calendar === 'bs' ? (gregorianOf({ ...parts, day: 1 }) ?? '') : `${name(parts)}-01`
}
