import type { LeaveSpan } from '../api/shapes'

/** The dates of a month YYYY-MM. */
export function datesOf(month: string): string[] {
  const dates: string[] = []
  for (const day = new Date(`${month}-01T00:00:00Z`); day.toISOString().startsWith(month); day.setUTCDate(day.getUTCDate() + 1))
    dates.push(day.toISOString().slice(0, 10))
  return dates
}

/** How much of a date is in a span. */
export function onDate(span: LeaveSpan, date: string): LeaveSpan['start'] | undefined {
  if (date < span.from || date > span.to) return undefined
  if (date === span.from) return span.start
  return date === span.to ? span.end : 'full'
}
