import { describe, expect, it } from 'vitest'

import type { PinPunched, Punched } from '../api/shapes'
import {
  ask,
  CONFIRM_MS,
  FORGET_MS,
  GREETING_MS,
  initial,
  interval,
  OFFER_MS,
  offersPin,
  PAD_MS,
  reduce,
  type Event,
  type State,
} from './machine'

const ready = reduce(initial, { type: 'camera', camera: 'ready' })

const punched: PinPunched = {
  username: 'asha',
  name: 'Asha',
  date: '2026-11-23',
  at: '2026-11-23T09:02:00+05:45',
  direction: 'entry',
  recorded: true,
  repeated: false,
  placed: false,
  group: false,
}

const person = { ...punched, score: 0.7, margin: 0.3, threshold: 0.4, model: 'm' }
const seen: Punched = { ...person, faces: [], people: [person], offers: [] }

const story = (state: State, ...events: Event[]) => events.reduce(reduce, state)

const refused = (code: string, now: number, more: Partial<Extract<Event, { type: 'refused' }>> = {}): Event => ({
  type: 'refused',
  code,
  detail: '',
  status: 422,
  now,
  ...more,
})

describe('the PIN is offered', () => {
  it.each(['face_unknown', 'face_ambiguous'])('after %s, for a while', (code) => {
    const state = story(ready, refused(code, 0))
    expect(offersPin(state)).toBe(true)
    expect(offersPin(story(state, { type: 'ticked', now: OFFER_MS - 1 }))).toBe(true)
    expect(offersPin(story(state, { type: 'ticked', now: OFFER_MS }))).toBe(false)
  })

  it.each(['face_none', 'face_small', 'face_several', 'offline'])('not after %s', (code) => {
    expect(offersPin(story(ready, refused(code, 0)))).toBe(false)
  })

  it('although they step back from the camera to press the button', () => {
    expect(offersPin(story(ready, refused('face_unknown', 0), refused('face_none', 3000)))).toBe(true)
  })

  it.each(['denied', 'missing'] as const)('while the camera is %s', (camera) => {
    expect(offersPin(reduce(initial, { type: 'camera', camera }))).toBe(true)
  })

  it('not to a kiosk that is none any more', () => {
    expect(offersPin(story(ready, refused('face_unknown', 0), refused('unauthorized', 1, { status: 401 })))).toBe(false)
  })
})

describe('the PIN pad', () => {
  const open = story(ready, refused('face_unknown', 0), { type: 'pad_opened', now: 1000 })

  it('stops the camera from recording who types', () => {
    expect(ask(open, 1500)).toBeNull()
    expect(ask(story(open, { type: 'pad_closed', now: 2000 }), 2000)).toBe('record')
  })

  it('closes when nobody touches it, and not while the server is asked', () => {
    const touched = story(open, { type: 'pad_touched', now: 20_000 })
    expect(story(touched, { type: 'ticked', now: 1000 + PAD_MS }).pad).not.toBeNull()
    expect(story(touched, { type: 'ticked', now: 20_000 + PAD_MS }).pad).toBeNull()
    const sent = story(open, { type: 'pin_sent', now: 2000 }, { type: 'ticked', now: 2000 + PAD_MS })
    expect(sent.pad?.sending).toBe(true)
  })

  it('says what was refused, and can be tried again', () => {
    const state = story(
      open,
      { type: 'pin_sent', now: 2000 },
      { type: 'pin_refused', code: 'pin_wrong', detail: 'no', now: 2500 },
    )
    expect(state.pad).toMatchObject({ touchedAt: 2500, sending: false, refused: { code: 'pin_wrong', detail: 'no' } })
    expect(story(state, { type: 'pin_sent', now: 3000 }).pad?.refused).toBeNull()
  })

  it('is gone with the kiosk', () => {
    const state = story(open, { type: 'pin_refused', code: 'unauthorized', detail: '', now: 2500 })
    expect(state).toMatchObject({ ended: 'revoked', pad: null })
  })

  it('is closed by a face that was recorded just before', () => {
    const state = story(open, { type: 'answered', asked: 'record', punched: seen, now: 1100 })
    expect(state).toMatchObject({ pad: null, greeting: { username: 'asha' } })
  })
})

describe('a look-alike', () => {
  const asked = story(ready, refused('face_confirm', 0, { ticket: 't1' }))

  it('is asked for the PIN at once, and the camera waits', () => {
    expect(asked.pad).toMatchObject({ ticket: 't1', sending: false })
    expect(ask(asked, 500)).toBeNull()
    expect(asked.notice).toBe('face_ambiguous')
  })

  it('keeps the ticket when the PIN was wrong', () => {
    const again = story(asked, { type: 'pin_sent', now: 2000 }, { type: 'pin_refused', code: 'pin_wrong', detail: '', now: 2500 })
    expect(again.pad).toMatchObject({ ticket: 't1', refused: { code: 'pin_wrong' } })
  })

  it('is looked at again when it took too long', () => {
    const busy = story(asked, { type: 'pad_touched', now: CONFIRM_MS - 1000 })
    expect(story(busy, { type: 'ticked', now: CONFIRM_MS - 1 }).pad).not.toBeNull()
    expect(story(busy, { type: 'ticked', now: CONFIRM_MS })).toMatchObject({ pad: null, notice: 'confirm_expired' })
    const late = story(asked, { type: 'pin_sent', now: 2000 }, { type: 'pin_refused', code: 'confirm_expired', detail: '', now: 2500 })
    expect(late).toMatchObject({ pad: null, notice: 'confirm_expired' })
    expect(ask(late, 3000)).toBe('record')
  })

  it('is greeted once the PIN says who it is', () => {
    const done = story(asked, { type: 'pin_sent', now: 2000 }, { type: 'pin_answered', punched, now: 2500 })
    expect(done).toMatchObject({ pad: null, greeting: { username: 'asha' } })
  })

  it('may use the pad without a ticket, too', () => {
    expect(story(asked, { type: 'pad_closed', now: 1 }, { type: 'pad_opened', now: 2 }).pad?.ticket).toBe('')
    expect(story(ready, refused('face_confirm', 0))).toMatchObject({ pad: null, notice: 'face_ambiguous' })
  })
})

describe('a punch by PIN', () => {
  const state = story(
    ready,
    refused('face_ambiguous', 0),
    { type: 'pad_opened', now: 1000 },
    { type: 'pin_sent', now: 2000 },
    { type: 'pin_answered', punched, now: 2500 },
  )

  it('is greeted as any', () => {
    expect(state.greeting).toMatchObject({ username: 'asha', direction: 'entry', until: 2500 + GREETING_MS })
    expect(state.pad).toBeNull()
    expect(offersPin(state)).toBe(false)
  })

  it('is not recorded again by the camera while they are still there', () => {
    expect(ask(state, 3000)).toBe('look')
    expect(ask(story(state, refused('face_unknown', 3000)), 3500)).toBe('look')
    expect(ask(state, 2500 + FORGET_MS + 1)).toBe('record')
  })
})

describe('limits', () => {
  it('asks where it is only when the server wants to know', () => {
    expect(ready.placing).toBe(false)
    const first = story(ready, refused('kiosk_place', 0, { status: 403 }))
    expect(first).toMatchObject({ placing: true, notice: 'placing', ended: 'no' })
    expect(interval(first)).toBe(2000)
    const elsewhere = story(first, refused('kiosk_place', 2000, { status: 403, located: true }))
    expect(elsewhere.notice).toBe('kiosk_place')
    expect(story(elsewhere, refused('face_none', 4000))).toMatchObject({ placing: true, notice: 'look' })
  })

  it('goes on knowing while that is asked for, and stops after', () => {
    const placing = story(ready, refused('kiosk_place', 0, { status: 403 }))
    const within = story(placing, { type: 'answered', asked: 'record', punched: { ...seen, placed: true }, now: 1 })
    expect(within.placing).toBe(true)
    expect(story(within, { type: 'answered', asked: 'look', punched: seen, now: 2 }).placing).toBe(false)
  })

  it('says that the network is wrong, and goes on trying', () => {
    const state = story(ready, refused('kiosk_network', 0, { status: 403 }))
    expect(state).toMatchObject({ notice: 'kiosk_network', trouble: true, ended: 'no' })
    expect(ask(state, 2000)).toBe('record')
  })
})
