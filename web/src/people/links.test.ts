import { expect, test } from 'vitest'

import { steady } from './links'

const link = (object: string, expiry: number) => `/api/v1/objects?expiry=${expiry}&method=GET&obj=${object}&signature=s${expiry}`

test('a link is kept while it works, and only for its own picture', () => {
  const first = link('profiles/acme/asha/1/small.jpg', 300)
  expect(steady(first, 0)).toBe(first)
  expect(steady(link('profiles/acme/asha/1/small.jpg', 320), 20_000)).toBe(first)
  const other = link('profiles/acme/asha/2/small.jpg', 320)
  expect(steady(other, 20_000)).toBe(other)
  const later = link('profiles/acme/asha/1/small.jpg', 575)
  expect(steady(later, 275_000)).toBe(later)
})

test('nobody without a picture gets one', () => {
  expect(steady(undefined, 0)).toBeUndefined()
  expect(steady('', 0)).toBeUndefined()
})
