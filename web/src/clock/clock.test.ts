import { describe, expect, it } from 'vitest'

import { clockTime, dateAndTime, duration, hourOf, localDate, longDate, shortDay } from './clock'
import { currentName, zones } from './zones'

describe('times', () => {
  it("are the company's, not the device's", () => {
    expect(clockTime('2026-11-23T03:17:00Z', 'Asia/Kathmandu')).toBe('09:02')
    expect(clockTime('2026-11-23T09:02:00+05:45', 'America/New_York')).toBe('22:17')
    expect(hourOf('2026-11-23T18:20:00Z', 'Asia/Kathmandu')).toBe(0)
    expect(clockTime('2026-11-23T18:20:00Z', 'Asia/Kathmandu')).toBe('00:05')
    expect(dateAndTime('2026-11-23T18:20:00Z', 'Asia/Kathmandu')).toBe('24 Nov 2026, 00:05')
    expect(localDate(new Date('2026-11-23T18:20:00Z'), 'Asia/Kathmandu')).toBe('2026-11-24')
  })

  it('do not break on what cannot be read', () => {
    expect(clockTime('soon', 'UTC')).toBe('–')
    expect(clockTime('2026-11-23T03:17:00Z', 'Mars/Olympus')).toBe('03:17')
    expect(clockTime('2026-11-23T03:17:00Z', '')).toBe('03:17')
  })

  it('keep local dates what they are', () => {
    expect(longDate('2026-11-23')).toBe('Monday, 23 November 2026')
    expect(shortDay('2026-11-01')).toEqual({ weekday: 'Sun', day: '1' })
  })
})

it.each([
  [0, '0 min'],
  [59, '0 min'],
  [3599, '59 min'],
  [3600, '1 h 00 min'],
  [25_500, '7 h 05 min'],
  [90_000, '25 h 00 min'],
])('duration(%i) is %s', (seconds, text) => expect(duration(seconds)).toBe(text))

describe('zones', () => {
  it('go by their present names', () => {
    const names = zones().map((zone) => zone.value)
    expect(names).toContain('Asia/Kathmandu')
    expect(names).toContain('Asia/Kolkata')
    expect(names).toContain('UTC')
    expect(names).not.toContain('Asia/Katmandu')
    expect(new Set(names).size).toBe(names.length)
    expect(currentName('Europe/Paris')).toBe('Europe/Paris')
  })

  it('say their offset', () => {
    expect(zones().find((zone) => zone.value === 'Asia/Kathmandu')?.label).toBe('Asia/Kathmandu (UTC+05:45)')
  })

  it('hold the one in use although the browser does not know it', () => {
    expect(zones('Asia/Nowhere').map((zone) => zone.value)).toContain('Asia/Nowhere')
  })
})
