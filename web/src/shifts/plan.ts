// Pure arithmetic of shifts and weeks.
import type { ShiftFields } from '../api/shapes'
import { addDays, weekdayOf } from '../clock/clock'

const DAY = 24 * 60

/** Minutes after midnight of 09:30; null for what is no time. */
export function minutesOf(clock: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(clock)
  return match ? Number(match[1]) * 60 + Number(match[2]) : null
}

/** How many minutes later on the clock, 0 to 1439. */
export function after(clock: number, since: number): number {
  return (((clock - since) % DAY) + DAY) % DAY
}

/** A shift's length by the clock in minutes; null while it has no times. */
export function spanOf({ start, end }: Pick<ShiftFields, 'start' | 'end'>): number | null {
  const from = minutesOf(start)
  const to = minutesOf(end)
  return from === null || to === null ? null : after(to, from) || DAY
}

export function overMidnight({ start, end }: Pick<ShiftFields, 'start' | 'end'>): boolean {
  const from = minutesOf(start)
  const to = minutesOf(end)
  return from !== null && to !== null && to <= from && to !== 0
}

export interface Piece {
  /** In shares of the whole bar, 0 to 1. */
  from: number
  to: number
}

export interface Bar {
  shift: Piece
  core: Piece | null
  breaks: Piece[]
  /** Where lateness begins. */
  late: number
  begins: string
  ends: string
}

/** Where things are in a bar from the first to the last moment of a shift's window. */
export function barOf(shift: ShiftFields): Bar | null {
  const start = minutesOf(shift.start)
  const span = spanOf(shift)
  if (start === null || span === null) return null
  const before = shift.window_before_minutes
  const whole = before + span + shift.window_after_minutes
  const piece = (from: number | null, to: number | null): Piece | null => {
    if (from === null || to === null) return null
    const begins = after(from, start)
    const lasts = after(to, from)
    return begins + lasts <= span && lasts > 0
      ? { from: (before + begins) / whole, to: (before + begins + lasts) / whole }
      : null
  }
  return {
    shift: { from: before / whole, to: (before + span) / whole },
    core: shift.flexible ? piece(minutesOf(shift.core_start ?? ''), minutesOf(shift.core_end ?? '')) : null,
    breaks: (shift.breaks ?? []).flatMap((pause) =>
      pause.minutes ? [] : (piece(minutesOf(pause.from ?? ''), minutesOf(pause.to ?? '')) ?? []),
    ),
    late: (before + Math.min(shift.late_grace_minutes, span)) / whole,
    begins: clockOf(start - before),
    ends: clockOf(start + span + shift.window_after_minutes),
  }
}

export function clockOf(minutes: number): string {
  const clock = after(minutes, 0)
  return `${String(Math.floor(clock / 60)).padStart(2, '0')}:${String(clock % 60).padStart(2, '0')}`
}

/** The Sunday on or before a date. */
export function sundayOf(date: string): string {
  return addDays(date, -weekdayOf(date))
}
