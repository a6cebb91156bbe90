import { describe, expect, it } from 'vitest'

import type { ShiftFields } from '../api/shapes'
import { addDays } from '../clock/clock'
import { barOf, clockOf, minutesOf, overMidnight, spanOf, sundayOf } from './plan'

const night: ShiftFields = {
  name: 'Night',
  start: '22:00',
  end: '06:00',
  late_grace_minutes: 10,
  early_grace_minutes: 0,
  window_before_minutes: 120,
  window_after_minutes: 240,
  full_minutes: 420,
  half_minutes: 240,
  overtime: { from: 'none' },
  breaks: [
    { from: '00:00', to: '01:00', rule: 'deducted' },
    { minutes: 15, rule: 'paid' },
  ],
}

describe('times', () => {
  it('are read and written', () => {
    expect(minutesOf('09:30')).toBe(570)
    expect(minutesOf('24:00')).toBeNull()
    expect(minutesOf('9:30')).toBeNull()
    expect(clockOf(-30)).toBe('23:30')
    expect(clockOf(1500)).toBe('01:00')
  })

  it('span midnight', () => {
    expect(spanOf(night)).toBe(480)
    expect(spanOf({ start: '08:00', end: '08:00' })).toBe(1440)
    expect(overMidnight(night)).toBe(true)
    expect(overMidnight({ start: '16:00', end: '00:00' })).toBe(false)
    expect(spanOf({ start: '', end: '06:00' })).toBeNull()
  })
})

describe('barOf', () => {
  it('places shift, breaks and lateness in the window', () => {
    const bar = barOf(night)
    expect(bar).toMatchObject({ begins: '20:00', ends: '10:00', core: null })
    expect(bar?.shift.from).toBeCloseTo(120 / 840)
    expect(bar?.shift.to).toBeCloseTo(600 / 840)
    expect(bar?.breaks).toHaveLength(1)
    expect(bar?.breaks[0]?.from).toBeCloseTo(240 / 840)
    expect(bar?.late).toBeCloseTo(130 / 840)
  })

  it('leaves out what is outside, and waits for times', () => {
    expect(barOf({ ...night, breaks: [{ from: '12:00', to: '13:00', rule: 'paid' }] })?.breaks).toEqual([])
    expect(barOf({ ...night, end: '' })).toBeNull()
  })
})

it.each([
  ['2026-03-02', '2026-03-01'],
  ['2026-03-01', '2026-03-01'],
  ['2026-01-02', '2025-12-28'],
])('the Sunday of %s is %s', (date, sunday) => expect(sundayOf(date)).toBe(sunday))

it('counts days over clock changes', () => expect(addDays('2026-03-28', 2)).toBe('2026-03-30'))
