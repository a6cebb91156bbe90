import type { LeaveSpan } from '../api/shapes'

/** How much of a date is in a span. */
export function onDate(span: LeaveSpan, date: string): LeaveSpan['start'] | undefined {
  if (date < span.from || date > span.to) return undefined
  if (date === span.from) return span.start
  return date === span.to ? span.end : 'full'
}
