import { expect, test } from 'vitest'

import { ownLanguage } from './languages'

test.each([
  [['ne-NP', 'en'], 'ne'],
  [['HI'], 'hi'],
  [['de-DE', 'en-GB', 'ne'], 'en'],
  [['new', 'hin'], 'hi'],
  [[], 'hi'],
] as const)('%j is written to in %s', (wanted, want) => {
  expect(ownLanguage('hi', wanted)).toBe(want)
})
