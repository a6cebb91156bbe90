import { expect, test } from 'vitest'

import { ask, FORGET_MS, GAP_MS, GREETING_MS, initial, interval, offersPin, reduce, type Event, type State } from './machine'

const ready = reduce(initial, { type: 'camera', camera: 'ready' })
const play = (...events: Event[]): State => events.reduce(reduce, ready)
const gone = (now: number, code = 'offline', status = 0): Event => ({ type: 'refused', code, detail: '', status, now })
const nobody = (now: number): Event => ({ type: 'refused', code: 'face_none', detail: '', status: 422, now })

test.each([
  ['offline', 0, true],
  ['unavailable', 503, true],
  ['internal', 500, false],
  ['rate_limited', 429, false],
  ['face_none', 422, false],
])('%s (%i) means that the server is away: %s', (code, status, away) => {
  expect(play(gone(0, code, status)).away).toBe(away)
  expect(offersPin(play(gone(0, code, status)), true)).toBe(away)
})

test('one that is only busy is not away', () => {
  const state = reduce(ready, { type: 'refused', code: 'unavailable', detail: '', status: 503, retryAfter: 2, now: 0 })
  expect(state.away).toBe(false)
})

test('any answer means that it is back', () => {
  const state = play(gone(0), nobody(2_000))
  expect([state.away, interval(state)]).toEqual([false, 500])
})

test('who was kept is told so, and looked at before anything is recorded again', () => {
  const state = play(gone(0), { type: 'kept', now: 100 })
  expect(state.keeping).toEqual({ at: 100, until: 100 + GREETING_MS })
  expect(ask(state, 200)).toBe('look')
  const told = reduce(state, { type: 'ticked', now: 100 + GREETING_MS })
  expect([told.keeping, ask(told, 100 + GREETING_MS)]).toEqual([null, 'look'])
})

test('they are gone when nobody is seen for a while, by the server or here', () => {
  const kept = play(gone(0), { type: 'kept', now: 100 })
  expect(ask(reduce(kept, nobody(100 + GAP_MS)), 100 + GAP_MS)).toBe('record')
  expect(ask(reduce(kept, nobody(200)), 300)).toBe('look')
  const left = reduce(kept, { type: 'unseen', now: 100 + GAP_MS })
  expect([ask(left, 100 + GAP_MS), left.away]).toEqual(['record', true])
})

test('as long as they stay, they are not kept twice; a poster is not there all day', () => {
  const kept = play(gone(0), { type: 'kept', now: 100 })
  const stays = reduce(kept, { type: 'stays', now: 9_000 })
  expect(ask(stays, 9_000 + FORGET_MS)).toBe('look')
  expect(ask(kept, 101 + FORGET_MS)).toBe('record')
})

test('what cannot be kept is said', () => {
  expect(play(gone(0), { type: 'unkept', now: 10 }).notice).toBe('unkept')
})
