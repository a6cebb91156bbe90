import { expect, it } from 'vitest'

import type { PinPunched } from '../api/shapes'
import { ask, CHALLENGE_MS, initial, offersPin, reduce, REST_MS, type Event, type State } from './machine'

const ready = reduce(initial, { type: 'camera', camera: 'ready' })
const story = (state: State, ...events: Event[]) => events.reduce(reduce, state)
const asks: Event = {
  type: 'refused', code: 'face_challenge', detail: '', status: 422, now: 1000, challenge: { ticket: 't', step: 'left', done: 0, steps: 2 },
}
const next: Event = {
  type: 'moved', ticket: 't', now: 2000, moved: { challenge: { step: 'blink', done: 1, steps: 2, ends_at: '2026-11-23T09:02:00Z' } },
}
const punch: PinPunched = {
  username: 'asha', name: 'Asha', date: '2026-11-23', at: '2026-11-23T09:02:00+05:45', direction: 'entry',
  recorded: true, repeated: false, placed: false, group: false,
}
const asked = story(ready, asks)

it('shows what to do, one step after the other, and greets', () => {
  expect(asked.challenge).toMatchObject({ step: 'left', done: 0, steps: 2 })
  expect([ask(asked, 1000), offersPin(asked)]).toEqual(['challenge', true])
  const second = story(asked, next)
  expect(second.challenge).toMatchObject({ ticket: 't', step: 'blink', done: 1, askedAt: 1000 })
  const met = story(second, { type: 'moved', ticket: 't', moved: { punch }, now: 3000 })
  expect(met).toMatchObject({ challenge: null, notice: 'recorded', greeting: { name: 'Asha' } })
  expect(ask(met, 3000)).toBe('look')
})

it('says why it is over, offers the PIN, and asks again after a moment', () => {
  for (const [code, notice] of [['face_not_live', 'challenge_wrong'], ['face_contradicted', 'face_contradicted'], ['confirm_expired', 'challenge_late']] as const) {
    const over = story(asked, { type: 'challenge_ended', ticket: 't', code, detail: '', status: 422, now: 2000 })
    expect(over).toMatchObject({ challenge: null, notice })
    expect([offersPin(over), ask(over, 2000 + REST_MS - 1), ask(over, 2000 + REST_MS)]).toEqual([true, null, 'record'])
  }
  const late = story(asked, { type: 'ticked', now: 1000 + CHALLENGE_MS })
  expect(late).toMatchObject({ challenge: null, notice: 'challenge_late' })
  expect(story(asked, { type: 'challenge_ended', ticket: 't', code: 'unauthorized', detail: '', status: 401, now: 2000 }).ended).toBe('revoked')
})

it('goes on when an answer is missing, and heeds none of an earlier challenge', () => {
  for (const [code, status] of [['offline', 0], ['internal', 500], ['rate_limited', 429]] as const)
    expect(story(asked, { type: 'challenge_ended', ticket: 't', code, detail: '', status, now: 2000 })).toBe(asked)
  expect(story(asked, { ...next, ticket: 'before' })).toBe(asked)
  expect(story(asked, { type: 'challenge_ended', ticket: 'before', code: 'face_not_live', detail: '', status: 422, now: 2000 })).toBe(asked)
})

it('takes a PIN instead, with the ticket', () => {
  const pad = story(asked, { type: 'pad_opened', now: 5000 })
  expect(pad).toMatchObject({ challenge: null, pad: { ticket: 't', moving: true } })
  expect(ask(pad, 5000)).toBeNull()
})

it('tells who cannot be asked now', () => {
  expect(story(ready, { ...asks, challenge: null })).toMatchObject({ challenge: null, notice: 'face_not_live' })
})
