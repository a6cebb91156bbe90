import { expect, it } from 'vitest'

import { setupToken } from './setup-token'

it.each([
  ['', '#token=abc', 'abc'],
  ['', 'token=abc', 'abc'],
  ['?token=abc', '', 'abc'],
  ['?token=query', '#token=fragment', 'fragment'],
  ['?other=1', '#elsewhere', ''],
  ['', '', ''],
])('of %j and %j is %j', (search, hash, token) => expect(setupToken(search, hash)).toBe(token))
