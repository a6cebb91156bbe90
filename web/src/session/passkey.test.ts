import { expect, it } from 'vitest'

import { Problem } from '../api/problem'
import { en } from '../locale/en'
import { passkeyAddress, passkeyText } from './passkey'

it.each([
  ['hajir.example.com', true, true],
  ['localhost', true, true],
  ['127.0.0.1', true, false],
  ['192.168.1.5', true, false],
  ['[::1]', true, false],
  ['hajir.lan', false, false],
])('%s, secure %s: %s', (hostname, secure, works) => expect(passkeyAddress({ hostname, secure })).toBe(works))

it("says in words what the browser's refusals mean", () => {
  const named = (name: string) => Object.assign(new Error('x'), { name })
  expect(passkeyText(named('NotAllowedError'))).toBe(en.passkeys.cancelled)
  expect(passkeyText(named('NotAllowedError'), true)).toBe(en.passkeys.cancelledAdding)
  expect(passkeyText(named('InvalidStateError'), true)).toBe(en.passkeys.already)
  expect(passkeyText(named('SecurityError'))).toBe(en.passkeys.wrongPlace)
  expect(passkeyText(new Problem('passkey_copied', ''))).toBe(en.problem.passkey_copied)
  expect(passkeyText(new TypeError('Failed to fetch'))).toBe(en.problem.offline)
})
