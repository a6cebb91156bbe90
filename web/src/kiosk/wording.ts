// What the kiosk says, as functions of its state.
import { i18next } from '../locale/locale'
import { clockTime, hourOf } from '../clock/clock'
import type { Greeting, State } from './machine'

type One = Greeting | Greeting['others'][number]

/** Good morning, Asha – by the hour in which the punch happened. */
export function salute({ name, direction, at }: One, zone: string): string {
  if (direction === 'exit') return i18next.t('kiosk.goodbye', { name })
  const hour = hourOf(at, zone)
  if (hour >= 5 && hour < 12) return i18next.t('kiosk.morning', { name })
  if (hour >= 12 && hour < 17) return i18next.t('kiosk.afternoon', { name })
  if (hour >= 17 && hour < 22) return i18next.t('kiosk.evening', { name })
  return i18next.t('kiosk.night', { name })
}

/** Entry 09:02, or that it was recorded already. */
export function particulars({ direction, at, repeated }: One, zone: string): string {
  const what = i18next.t(direction === 'entry' ? 'kiosk.entry' : 'kiosk.exit', { time: clockTime(at, zone) })
  return repeated ? `${i18next.t('kiosk.repeated')}: ${what}` : what
}

export function noticeText({ notice, detail, present }: Pick<State, 'notice' | 'detail' | 'present'>): string {
  if (notice === 'other' && detail) return detail
  if (notice === 'recorded') {
    const newest = Math.max(...present.map((one) => one.seenAt))
    const names = present.filter((one) => one.seenAt === newest).map((one) => one.name)
    return names.length > 0 ? i18next.t('kiosk.recorded', { name: names.join(', ') }) : i18next.t('kiosk.look')
  }
  return i18next.t(notice === 'unkept' ? 'kiosk.queue.unkept' : `kiosk.${notice}`)
}
