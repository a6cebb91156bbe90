// Shifts in plain words.
import type { Shift, ShiftFields } from '../api/shapes'
import { duration } from '../clock/clock'
import { i18next } from '../locale/locale'
import { overMidnight } from './plan'

export function hoursOf({ start, end }: Pick<ShiftFields, 'start' | 'end'>): string {
  return `${start}–${end}`
}

/** The rules of a shift in a line. */
export function wordsOf(shift: Shift): string {
  const parts: string[] = [i18next.t('shifts.words.hours', { hours: duration(shift.required_minutes * 60) })]
  if (overMidnight(shift)) parts.push(i18next.t('shifts.words.night'))
  if (shift.flexible) parts.push(i18next.t('shifts.words.flexible'))
  if (shift.core_start && shift.core_end)
    parts.push(i18next.t('shifts.words.core', { from: shift.core_start, to: shift.core_end }))
  if (!shift.flexible) parts.push(i18next.t('shifts.words.late', { minutes: shift.late_grace_minutes }))
  for (const pause of shift.breaks ?? [])
    parts.push(
      i18next.t('shifts.words.break', {
        name: pause.name || i18next.t('shifts.words.breakNone'),
        when: pause.minutes ? duration(pause.minutes * 60) : `${pause.from}–${pause.to}`,
      }),
    )
  if (shift.overtime.from === 'end') parts.push(i18next.t('shifts.words.overtimeEnd'))
  if (shift.overtime.from === 'required') parts.push(i18next.t('shifts.words.overtimeRequired'))
  return parts.join(', ')
}
