/** The days of a report: a Gregorian month, or any from–to. */
export type Period = { month: string } | { from: string; to: string }

/** The last day. */
export function lastOf(period: Period): string {
  if ('to' in period) return period.to
  const [year = 0, month = 1] = period.month.split('-').map(Number)
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
}
