import { afterEach, describe, expect, it } from 'vitest'

import {
  besideDates, clockTime, dateAndTime, dateOf, duration, fullDate, hourOf, localDate, longDate, ownDate, shortDate, shortDay,
  weekdayNames, weekdayOf,
} from './clock'
import { setDateStyle } from './date-style'
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

describe('dates', () => {
  const style = (calendar: 'gregorian' | 'bs', both_calendars: boolean) =>
    setDateStyle({ calendar, both_calendars, time_zone: 'Asia/Kathmandu' })
  afterEach(() => setDateStyle())

  it.each([
    ['gregorian', false, 'Tuesday, 24 November 2026', 'Tue 24 Nov 2026', '24 Nov 2026'],
    ['gregorian', true, 'Tuesday, 24 November 2026 • 8 Mangsir 2083', 'Tue 24 Nov 2026 • 8 Mangsir 2083', '24 Nov 2026 • 8 Mangsir 2083'],
    ['bs', false, 'Tuesday, 8 Mangsir 2083', 'Tue 8 Mangsir 2083', '8 Mangsir 2083'],
    ['bs', true, 'Tuesday, 8 Mangsir 2083 • 24 November 2026', 'Tue 8 Mangsir 2083 • 24 Nov 2026', '8 Mangsir 2083 • 24 Nov 2026'],
  ] as const)('%s, both: %s', (calendar, both, long, short, plain) => {
    style(calendar, both)
    expect(longDate('2026-11-24')).toBe(long)
    expect(shortDate('2026-11-24')).toBe(short)
    expect(dateOf('2026-11-23T18:20:00Z', 'Asia/Kathmandu')).toBe(plain)
    expect(dateAndTime('2026-11-23T18:20:00Z', 'Asia/Kathmandu')).toBe(`${plain}, 00:05`)
    expect(ownDate('2026-11-24')).toBe(short.replace(/ • .*/, ''))
  })

  it('say both where only one has room, but to who wants to know of one only', () => {
    expect(fullDate('2026-11-24')).toBe('Tuesday, 24 November 2026')
    style('bs', false)
    expect(fullDate('2026-11-24')).toBe('Tuesday, 8 Mangsir 2083 (24 November 2026)')
    expect(shortDay('2026-11-24')).toEqual({ weekday: 'Tue', day: '8' })
    style('bs', true)
    expect(shortDay('2026-11-24')).toEqual({ weekday: 'Tue', day: '8', beside: '24 Nov' })
    style('gregorian', true)
    expect(shortDay('2026-11-24')).toEqual({ weekday: 'Tue', day: '24', beside: '8 Mangsir' })
  })

  it.each(['1943-04-13', '2034-04-14', '1899-12-31'])('are Gregorian where the other does not reach, and say so: %s', (date) => {
    const plain = longDate(date)
    style('bs', true)
    expect(longDate(date)).toBe(`${plain} (Gregorian)`)
    expect(besideDates(date, date)).toBe('')
    expect(shortDay(date).beside).toBeUndefined()
    style('gregorian', true)
    expect(longDate(date)).toBe(plain)
  })

  it.each([
    ['bs', '2026-11-24', '2026-11-24', '24 Nov 2026'],
    ['bs', '2026-11-24', '2026-11-26', '24–26 Nov 2026'],
    ['bs', '2026-11-29', '2026-12-02', '29 Nov – 2 Dec 2026'],
    ['gregorian', '2026-11-24', '2026-11-24', '8 Mangsir 2083'],
    ['gregorian', '2026-11-24', '2026-11-26', '8–10 Mangsir 2083'],
    ['gregorian', '2026-12-15', '2026-12-16', '29 Mangsir – 1 Poush 2083'],
    ['gregorian', '2026-04-13', '2026-04-14', '30 Chaitra 2082 – 1 Baisakh 2083'],
  ] as const)('beside those of %s, %s to %s is %s', (calendar, from, to, text) => {
    style(calendar, true)
    expect(besideDates(from, to)).toBe(text)
    style(calendar, false)
    expect(besideDates(from, to)).toBe('')
  })

  it('that there are not are a dash', () => {
    style('bs', true)
    for (const date of ['', 'soon', '2026-02-30']) expect([longDate(date), shortDate(date), dateOf('soon', 'UTC')]).toEqual(['–', '–', '–'])
  })

  it('have days of the week', () => {
    expect(weekdayNames().map(({ short }) => short).join(' ')).toBe('Sun Mon Tue Wed Thu Fri Sat')
    expect([weekdayOf('2026-11-22'), weekdayOf('2026-11-24')]).toEqual([0, 2])
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
