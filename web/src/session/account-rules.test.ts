import { expect, it } from 'vitest'

import { validEmail, validPhone, validUsername } from './account-rules'

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

it.each([
  ['', true],
  ['+977 981-2345678', true],
  ['00977 (981) 234.5678', true],
  ['9812345678', false],
  ['+0981234567', false],
  ['+977', false],
  ['+977 98x12345', false],
])('%j as a phone number: %s', (phone, valid) => expect(validPhone(phone)).toBe(valid))
