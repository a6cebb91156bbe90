// Times and dates as people read them; nothing else of the site formats any.
// Moments come from the server as RFC 3339 and are shown in the company's zone,
// whatever the device's is. Dates come as 2026-11-24 and are written in the
// calendar that the reader chose (date-style.ts). month.ts has months,
// date-field.tsx asks for dates.
import { i18next } from '../locale/locale'
import { bsOf, isDate, type BsDate } from './bikram'
import { dateStyle } from './date-style'

/** 09:02 in the company's zone. */
export function clockTime(moment: string | Date, zone: string): string {
  return format(moment, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

/** 09:02:45 on the device's own clock. */
export function deviceTime(moment: Date): string {
  return moment.toLocaleTimeString('en-GB')
}

/** The hour, 0–23, in the company's zone. */
export function hourOf(moment: string | Date, zone: string): number {
  return Number(clockTime(moment, zone).slice(0, 2))
}

/** Tuesday, 24 November 2026, or Tuesday, 8 Mangsir 2083 • 24 November 2026. */
export function longDate(date: string): string {
  return written(date, { weekday: 'long', month: 'long' })
}

/** Tue 24 Nov 2026, or Tue 8 Mangsir 2083 • 24 Nov 2026. */
export function shortDate(date: string): string {
  return written(date, { weekday: 'short', month: 'short' })
}

/** Tue 8 Mangsir 2083, without the other calendar, where that has a place of its own. */
export function ownDate(date: string): string {
  return written(date, { weekday: 'short', month: 'short' }, false)
}

/** What stands beside ownDate for the dates from–to: 24–26 Nov 2026; '' for nothing. */
export function besideDates(from: string, to: string): string {
  const { calendar, both } = dateStyle()
  if (!both || !bsOf(from) || !bsOf(to)) return ''
  const parts = calendar === 'bs' ? gregorianParts : bsParts
  return span(parts(from), parts(to))
}

/** What a tooltip or a screen reader says of a date that is shown in short: both
 * calendars, unless the reader wants to know of one only. */
export function fullDate(date: string): string {
  const { calendar, both } = dateStyle()
  return written(date, { weekday: 'long', month: 'long' }, both || calendar === 'bs', true)
}

export interface ShortDay {
  weekday: string
  day: string
  /** 24 Nov, or 8 Mangsir: in the other calendar, if it is wanted. */
  beside?: string
}

/** Tue 8, for a row of a month or a column of a week. */
export function shortDay(date: string): ShortDay {
  const { calendar, both } = dateStyle()
  const bs = bsOf(date)
  const weekday = gregorian(date, { weekday: 'short' })
  const [day, month] = [gregorian(date, { day: 'numeric' }), gregorian(date, { day: 'numeric', month: 'short' })]
  if (!bs) return { weekday, day: calendar === 'bs' ? month : day }
  if (calendar === 'bs') return { weekday, day: String(bs.day), ...(both && { beside: month }) }
  return { weekday, day, ...(both && { beside: `${bs.day} ${bsMonthName(bs.month)}` }) }
}

/** T, over a column of a month. */
export function weekdayLetter(date: string): string {
  return gregorian(date, { weekday: 'narrow' })
}

/** Sun to Sat. */
export function weekdayNames(): { long: string; short: string }[] {
  // 1 March 2026 is a Sunday.
  return [1, 2, 3, 4, 5, 6, 7].map((day) => {
    const date = `2026-03-0${day}`
    return { long: gregorian(date, { weekday: 'long' }), short: gregorian(date, { weekday: 'short' }) }
  })
}

/** 24 Nov 2026, 09:02. */
export function dateAndTime(moment: string | Date, zone: string): string {
  return `${dateOf(moment, zone)}, ${clockTime(moment, zone)}`
}

/** 24 Nov 2026, or 8 Mangsir 2083 • 24 Nov 2026, in the company's zone. */
export function dateOf(moment: string | Date, zone: string): string {
  const date = typeof moment === 'string' ? new Date(moment) : moment
  return Number.isNaN(date.getTime()) ? '–' : written(localDate(date, zone), { month: 'short' })
}

/** The local date, 2026-11-23, in the company's zone. */
export function localDate(moment: Date, zone: string): string {
  // Swedish dates are ISO dates.
  return moment.toLocaleDateString('sv-SE', { timeZone: known(zone) })
}

/** The date some days away. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** 0 for a Sunday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay()
}

/** Elapsed time as 7 h 05 min; seconds are left out, they are nobody's business. */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest} min`
  return `${hours} h ${String(rest).padStart(2, '0')} min`
}

export function bsMonthName(month: number): string {
  return i18next.t('calendar.bsMonths', { returnObjects: true })[month - 1] ?? ''
}

interface Form {
  weekday?: 'long' | 'short'
  month: 'long' | 'short'
}

// A date that Bikram Sambat does not know is Gregorian, and says so to who
// expects the other.
function written(date: string, { weekday, month }: Form, both = dateStyle().both, told = false): string {
  if (!isDate(date)) return '–'
  const { calendar } = dateStyle()
  const bs = bsOf(date)
  const plain = gregorian(date, { day: 'numeric', month, year: 'numeric' })
  let text = calendar === 'bs' ? i18next.t('calendar.outside', { date: plain }) : plain
  if (bs && calendar === 'bs') text = bsText(bs)
  const day = weekday && gregorian(date, { weekday })
  if (day) text = i18next.t(weekday === 'long' ? 'calendar.weekdayLong' : 'calendar.weekdayShort', { weekday: day, date: text })
  if (!bs || !both) return text
  return i18next.t(told ? 'calendar.told' : 'calendar.beside', { first: text, other: calendar === 'bs' ? plain : bsText(bs) })
}

function bsText({ day, month, year }: BsDate): string {
  return `${day} ${bsMonthName(month)} ${year}`
}

/** 24–26 Nov 2026; year and month of the first are left out where they are the last's. */
function span([d1, m1, y1]: string[], [d2, m2, y2]: string[]): string {
  const to = `${d2} ${m2} ${y2}`
  if (y1 !== y2) return i18next.t('calendar.range', { from: `${d1} ${m1} ${y1}`, to })
  if (m1 !== m2) return i18next.t('calendar.range', { from: `${d1} ${m1}`, to })
  return d1 === d2 ? to : `${d1}–${to}`
}

function bsParts(date: string): string[] {
  const bs = bsOf(date)
  return bs ? [String(bs.day), bsMonthName(bs.month), String(bs.year)] : []
}

function gregorianParts(date: string): string[] {
  return [gregorian(date, { day: 'numeric' }), gregorian(date, { month: 'short' }), gregorian(date, { year: 'numeric' })]
}

/** A part of a Gregorian date, for this directory alone. */
export function gregorian(date: string, options: Intl.DateTimeFormatOptions): string {
  return format(date, 'UTC', options)
}

function format(moment: string | Date, zone: string, options: Intl.DateTimeFormatOptions): string {
  const date = typeof moment === 'string' ? new Date(moment) : moment
  if (Number.isNaN(date.getTime())) return '–'
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: known(zone) }).format(date)
}

// A browser may be older than a zone's name; UTC is plainly wrong, not subtly.
function known(zone: string): string {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone })
    return zone || 'UTC'
  } catch {
    return 'UTC'
  }
}
