import { afterEach, describe, expect, it } from 'vitest'

import { FIRST_YEAR, LAST_YEAR } from './bikram'
import { addDays } from './clock'
import { setDateStyle } from './date-style'
import { bsMonth, datesOf, gregorianMonthsOf, isMonth, monthName, monthOf, shift } from './month'

const style = (calendar: 'gregorian' | 'bs', both_calendars = false) =>
  setDateStyle({ calendar, both_calendars, time_zone: 'Asia/Kathmandu' })
afterEach(() => setDateStyle())

describe('Gregorian months', () => {
  it.each([
    ['2026-11', 1, '2026-12'],
    ['2026-12', 1, '2027-01'],
    ['2026-01', -1, '2025-12'],
    ['2026-11', -23, '2024-12'],
  ])('shift(%s, %i) is %s', (month, by, result) => expect(shift(month, by)).toBe(result))

  it('have names', () => {
    expect(monthName('2026-11')).toBe('November 2026')
    style('gregorian', true)
    expect(monthName('2026-11')).toBe('November 2026 • Kartik – Mangsir 2083')
    expect(monthName('2026-04')).toBe('April 2026 • Chaitra 2082 – Baisakh 2083')
    expect(monthName('2050-04')).toBe('April 2050')
  })

  it('have their dates', () => {
    expect(datesOf('2026-02')).toHaveLength(28)
    expect(datesOf('2028-02').at(-1)).toBe('2028-02-29')
    expect(datesOf('2026-12')[0]).toBe('2026-12-01')
    expect(datesOf('2026-12').at(-1)).toBe('2026-12-31')
  })
})

describe('months of Bikram Sambat', () => {
  it.each([
    ['bs-2083-08', 1, 'bs-2083-09'],
    ['bs-2083-12', 1, 'bs-2084-01'],
    ['bs-2083-01', -1, 'bs-2082-12'],
    ['bs-2083-08', -20, 'bs-2081-12'],
    // Beyond the years that are known, months are Gregorian, and lead back.
    ['bs-2090-12', 1, '2034-04'],
    ['bs-2000-01', -1, '1943-04'],
    ['2034-05', -1, 'bs-2090-12'],
    ['2034-05', 1, '2034-06'],
    // A link to a month of the other calendar leads to one's own.
    ['2026-10', 1, 'bs-2083-07'],
  ])('shift(%s, %i) is %s', (month, by, result) => {
    style('bs')
    expect(shift(month, by)).toBe(result)
  })

  it('lead who reads the other calendar to that', () => expect(shift('bs-2083-08', 1)).toBe('2026-12'))

  it('have names', () => {
    style('bs', true)
    expect(monthName('bs-2083-08')).toBe('Mangsir 2083 • Nov – Dec 2026')
    expect(monthName('bs-2083-09')).toBe('Poush 2083 • Dec 2026 – Jan 2027')
    expect(monthName('bs-2083-08', false)).toBe('Mangsir 2083')
    expect(gregorianMonthsOf('bs-2083-08')).toBe('Nov – Dec')
    expect(monthName('2050-04')).toBe('April 2050 (Gregorian)')
  })

  it('hold each of their days once, one after the other', () => {
    let next = '1943-04-14'
    for (let year = FIRST_YEAR; year <= LAST_YEAR; year++)
      for (let month = 1; month <= 12; month++)
        for (const date of datesOf(bsMonth(year, month))) {
          if (date !== next) expect(date).toBe(next)
          next = addDays(next, 1)
        }
    expect(next).toBe('2034-04-14')
  })

  it.each([
    ['2026-11-24', 'bs', 'bs-2083-08'],
    ['2026-11-24', 'gregorian', '2026-11'],
    ['2050-01-01', 'bs', '2050-01'],
  ] as const)('monthOf(%s, %s) is %s', (date, calendar, month) => expect(monthOf(date, calendar)).toBe(month))
})

it.each([
  ['2026-11', true],
  ['bs-2083-08', true],
  ['2083-08', true], // November 2083, and never Mangsir
  ['bs-2091-01', false],
  ['bs-1999-12', false],
  ['bs-2083-13', false],
  ['2026-1', false],
  ['', false],
  ['BS-2083-08', false],
])('isMonth(%j) is %s', (text, is) => {
  expect(isMonth(text)).toBe(is)
  expect(datesOf(text).length > 0).toBe(is)
})
