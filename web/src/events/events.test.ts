import { expect, test } from 'vitest'

import { touches, weeksOf, whenText } from './events'

test('a month is shown by whole weeks, from Sunday', () => {
  const weeks = weeksOf('2026-03') // which begins on a Sunday
  expect(weeks[0]?.[0]).toBe('2026-03-01')
  expect(weeks.at(-1)?.[6]).toBe('2026-04-04')
  expect(weeksOf('2026-02')).toHaveLength(4)
  expect(weeksOf('2026-05')).toHaveLength(6)
  for (const month of ['2024-02', '2025-12', '2026-08']) {
    const days = weeksOf(month).flat()
    expect(days.filter((day) => day.startsWith(month)).length).toBe(new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate())
    expect([...days].sort()).toEqual(days)
  }
})

test('when an event is', () => {
  expect(whenText({ date: '2026-10-20', to: '2026-10-20' })).toBe('Tuesday, 20 October 2026')
  expect(whenText({ date: '2026-10-20', start: '15:00', end: '16:00' })).toBe('Tuesday, 20 October 2026, 15:00–16:00')
  expect(whenText({ date: '2026-10-18', to: '2026-10-24' })).toBe('18 Oct 2026 – 24 Oct 2026')
  expect(whenText({ date: '2026-10-18', to: '2026-10-19', start: '22:00', end: '01:00' })).toBe('18 Oct 2026, 22:00 – 19 Oct 2026, 01:00')
  expect(['2026-10-17', '2026-10-18', '2026-10-24', '2026-10-25'].map((date) => touches({ date: '2026-10-18', to: '2026-10-24' }, date))).toEqual([
    false, true, true, false,
  ])
})
