import { expect, test } from 'vitest'

import { comeAgain, persist } from './persist'
import { Problem, problemFrom } from './problem'

const busy = problemFrom(503, { code: 'unavailable', detail: 'x', retry_after: 7 })

test('who is told when to come again comes then', async () => {
  const waits: number[] = []
  let calls = 0
  const once = () => (++calls < 3 ? Promise.reject(busy) : Promise.resolve('made'))
  const pause = (ms: number) => {
    waits.push(ms)
    return Promise.resolve()
  }
  expect(await persist(once, { pause })).toBe('made')
  expect(waits).toEqual([7_000, 7_000])
})

test('it gives up after some tries', async () => {
  let calls = 0
  const once = () => {
    calls++
    return Promise.reject(busy)
  }
  await expect(persist(once, { pause: () => Promise.resolve() })).rejects.toBe(busy)
  expect(calls).toBe(5)
})

test('a refusal stays one', async () => {
  const refused = new Problem('conflict', 'x', 409)
  let calls = 0
  const once = () => {
    calls++
    return Promise.reject(refused)
  }
  await expect(persist(once)).rejects.toBe(refused)
  expect(calls).toBe(1)
})

test('nobody waits for hours', () => {
  expect(comeAgain(problemFrom(503, { code: 'unavailable', retry_after: 86_400 }))).toBe(30_000)
  expect(comeAgain(problemFrom(503, { code: 'unavailable' }))).toBe(0)
  expect(comeAgain(problemFrom(429, { code: 'rate_limited', retry_after: 5 }))).toBe(0)
})
