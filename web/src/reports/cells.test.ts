import { expect, it } from 'vitest'

import { addSums, cellText, clockOf, markColor } from './cells'

const word = (code: string) => `<${code}>`

it('writes each form', () => {
  expect(cellText({ form: 'minutes' }, 2035, word)).toBe('33:55')
  expect(cellText({ form: 'minutes' }, 0, word)).toBe('0:00')
  expect(cellText({ form: 'days' }, 21.5, word)).toBe('21.5')
  expect(cellText({ form: 'count' }, 3, word)).toBe('3')
  expect(cellText({ form: 'date' }, '2026-03-02', word)).toBe('2 Mar 2026')
  expect(cellText({ form: 'word' }, 'missing_exit queued', word)).toBe('<missing_exit>, <queued>')
  expect(cellText({ form: 'text' }, '=1', word)).toBe('=1')
  expect(cellText({ form: 'clock' }, null, word)).toBe('')
})

it('tells the days beside a date', () => {
  expect(clockOf(545)).toBe('09:05')
  expect(clockOf(1680)).toBe('04:00 +1')
  expect(clockOf(-30)).toBe('23:30 -1')
})

it('adds pages without losing a hundredth', () => {
  const page = { sums: ['', 0.1, 10, null] }
  expect(addSums([page, page, page])).toEqual([null, 0.3, 30, null])
  expect(addSums([])).toEqual([])
})

it('colours what wants a look', () => {
  expect(['P', 'P?', 'A/L', 'LT', 'HD+', 'L', 'WO', ''].map(markColor)).toEqual([
    'pine', 'red', 'red', 'marigold', 'marigold', undefined, undefined, undefined,
  ])
})
