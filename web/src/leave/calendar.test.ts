import { expect, test } from 'vitest'

import { onDate } from './calendar'

test('a span begins and ends with its halves', () => {
  const span = { from: '2026-03-10', to: '2026-03-12', start: 'second_half', end: 'first_half' } as const
  expect(['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13'].map((date) => onDate(span, date))).toEqual([
    undefined,
    'second_half',
    'full',
    'first_half',
    undefined,
  ])
})
