import { expect, it } from 'vitest'

import { monthName, shift } from './month'

it.each([
  ['2026-11', 1, '2026-12'],
  ['2026-12', 1, '2027-01'],
  ['2026-01', -1, '2025-12'],
  ['2026-11', -23, '2024-12'],
])('shift(%s, %i) is %s', (month, by, result) => expect(shift(month, by)).toBe(result))

it('names a month', () => expect(monthName('2026-11')).toBe('November 2026'))
