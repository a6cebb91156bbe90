// Bikram Sambat and Gregorian dates, by the table of nepali-date-converter, which
// is the program's, too: bikram.test.ts holds them together. Only its table is
// used: its conversions go by the device's own dates, which jump where a zone
// once skipped one, and count from 1943 both ways. See
// docs/decisions/0030-two-calendars.md.
import { dateConfigMap } from 'nepali-date-converter'

export interface BsDate {
  year: number
  /** 1 is Baisakh, 12 Chaitra. */
  month: number
  day: number
}

export const FIRST_YEAR = 2000
export const LAST_YEAR = 2090

const DAY = 86_400_000
const EPOCH = Date.UTC(1943, 3, 14)

const lengths = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, index) =>
  Object.values(dateConfigMap[String(FIRST_YEAR + index)] ?? {}),
).flat()

/** The days from the first date to that of each month, and at the end to the one behind. */
const begins = lengths.reduce((all, days) => [...all, (all.at(-1) ?? 0) + days], [0])

/** How many days a month has; 0 for one that is not known. */
export function bsMonthDays(year: number, month: number): number {
  return month < 1 || month > 12 ? 0 : (lengths[(year - FIRST_YEAR) * 12 + month - 1] ?? 0)
}

/** The date in Bikram Sambat of 2026-11-24; null outside of the years that are known. */
export function bsOf(date: string): BsDate | null {
  if (!isDate(date) || date < FIRST || date > LAST) return null
  const days = (Date.parse(`${date}T00:00:00Z`) - EPOCH) / DAY
  const index = begins.findLastIndex((begin) => begin <= days)
  return { year: FIRST_YEAR + Math.floor(index / 12), month: (index % 12) + 1, day: days - (begins[index] ?? 0) + 1 }
}

/** The Gregorian date, such as 2026-11-24; null for one that the calendar does not have. */
export function gregorianOf({ year, month, day }: BsDate): string | null {
  if (day < 1 || day > bsMonthDays(year, month)) return null
  return dateAfter((begins[(year - FIRST_YEAR) * 12 + month - 1] ?? 0) + day - 1)
}

/** Whether a text is a Gregorian date that there is. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function dateAfter(days: number): string {
  return new Date(EPOCH + days * DAY).toISOString().slice(0, 10)
}

/** The first and the last date that are known. */
export const FIRST = dateAfter(0)
export const LAST = dateAfter((begins.at(-1) ?? 0) - 1)
