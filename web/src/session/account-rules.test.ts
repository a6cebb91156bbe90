import { expect, it } from 'vitest'

import { validEmail, validUsername } from './account-rules'

it.each(['as', 'asha', 'asha.k-1_x', '7up', 'a'.repeat(64)])('%s is a username', (name) =>
  expect(validUsername(name)).toBe(true),
)

it.each(['', 'a', 'Asha', 'asha k', '.asha', 'a..b', 'आशा', 'a'.repeat(65), 'a/b'])('%j is none', (name) =>
  expect(validUsername(name)).toBe(false),
)

it.each([
  ['asha@example.com', true],
  ['asha@localhost', true],
  ['asha', false],
  ['Asha <asha@example.com>', false],
  ['a b@example.com', false],
])('%s as an address: %s', (email, valid) => expect(validEmail(email)).toBe(valid))
