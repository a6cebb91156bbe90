import { datesOf } from '../clock/month'

/** The days of a report: a month of either calendar, or any from–to. */
export type Period = { month: string } | { from: string; to: string }

/** The first and the last day. */
export function boundsOf(period: Period): [string, string] {
  if ('to' in period) return [period.from, period.to]
  const dates = datesOf(period.month)
  return [dates[0] ?? '', dates.at(-1) ?? '']
}

/** The last day. */
export function lastOf(period: Period): string {
  return boundsOf(period)[1]
}
