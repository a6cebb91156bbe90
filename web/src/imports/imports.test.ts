import { expect, test } from 'vitest'

import { taken, wantsLook } from './imports'

test('what is refused or told more about wants a look', () => {
  const line = { line: 2, username: 'asha', name: 'Asha' }
  expect(wantsLook({ ...line, outcome: 'refused', problem: 'no' })).toBe(true)
  expect(wantsLook({ ...line, outcome: 'new', detail: 'the device says exit' })).toBe(true)
  expect(wantsLook({ ...line, outcome: 'new' })).toBe(false)
  expect(wantsLook({ ...line, outcome: 'changed', detail: 'code: 7 → 8' })).toBe(false)
  expect(wantsLook({ ...line, outcome: 'same', detail: 'line 3 says so already' })).toBe(false)
})

test('what is done is new or changed', () => {
  expect(taken({ new: 2, changed: 3 })).toBe(5)
})
