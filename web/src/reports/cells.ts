// How the cells of a report are read: see its columns' forms in the API.
import type { Report } from '../api/shapes'
import { dateOf } from '../clock/clock'

export type Column = Report['columns'][number]

/** 7:35 of elapsed minutes. */
export function hours(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}

/** 04:00 of minutes after midnight, with the days that lie between. */
export function clockOf(minutes: number): string {
  const day = Math.floor(minutes / 1440)
  const rest = minutes - day * 1440
  const text = `${String(Math.floor(rest / 60)).padStart(2, '0')}:${String(rest % 60).padStart(2, '0')}`
  return day === 0 ? text : `${text} ${day > 0 ? '+' : ''}${day}`
}

/** A cell as text; word turns a code of ours into words. */
export function cellText(column: Pick<Column, 'form'>, value: unknown, word: (code: string) => string): string {
  if (typeof value === 'number') {
    if (column.form === 'minutes') return hours(value)
    if (column.form === 'clock') return clockOf(value)
    return String(value)
  }
  if (typeof value !== 'string' || value === '') return ''
  if (column.form === 'date') return dateOf(value, 'UTC')
  if (column.form === 'word') return value.split(' ').map(word).join(', ')
  return value
}

/** Sums of pages; days are added as hundredths, so that they stay exact. */
export function addSums(pages: Pick<Report, 'sums'>[]): (number | null)[] {
  const [first] = pages
  return (first?.sums ?? []).map((one, i) =>
    typeof one === 'number'
      ? Math.round(pages.reduce((sum, page) => sum + 100 * Number(page.sums[i] ?? 0), 0)) / 100
      : null,
  )
}

/** The colour of a muster's letters. */
export function markColor(mark: string): string | undefined {
  if (mark.endsWith('?') || mark.startsWith('A')) return 'red'
  if (mark.startsWith('LT') || mark.startsWith('HD')) return 'marigold'
  if (mark.startsWith('P')) return 'pine'
  return undefined
}
