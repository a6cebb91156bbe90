// Times and dates as people read them. Moments come from the server as
// RFC 3339 and are shown in the company's zone, whatever the device's is.

/** 09:02 in the company's zone. */
export function clockTime(moment: string | Date, zone: string): string {
  return format(moment, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

/** The hour, 0–23, in the company's zone. */
export function hourOf(moment: string | Date, zone: string): number {
  return Number(clockTime(moment, zone).slice(0, 2))
}

/** Monday, 23 November 2026, for a local date such as 2026-11-23. */
export function longDate(date: string): string {
  return format(date, 'UTC', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
}

/** Mon 23, for a row of a month. */
export function shortDay(date: string): { weekday: string; day: string } {
  return {
    weekday: format(date, 'UTC', { weekday: 'short' }),
    day: format(date, 'UTC', { day: 'numeric' }),
  }
}

/** 23 Nov 2026, 09:02. */
export function dateAndTime(moment: string | Date, zone: string): string {
  return `${dateOf(moment, zone)}, ${clockTime(moment, zone)}`
}

/** 23 Nov 2026, in the company's zone. */
export function dateOf(moment: string | Date, zone: string): string {
  return format(moment, zone, { day: 'numeric', month: 'short', year: 'numeric' })
}

/** The local date, 2026-11-23, in the company's zone. */
export function localDate(moment: Date, zone: string): string {
  // Swedish dates are ISO dates.
  return moment.toLocaleDateString('sv-SE', { timeZone: known(zone) })
}

/** Elapsed time as 7 h 05 min; seconds are left out, they are nobody's business. */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest} min`
  return `${hours} h ${String(rest).padStart(2, '0')} min`
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
