// What the kiosk knows and does next, as a pure reducer: no clock, no camera,
// no network. use-kiosk.ts feeds it; machine.test.ts tells it stories.
//
// The rule that matters most: somebody who was recorded and lingers in front
// of the camera must not be recorded again, as an exit. So while they are
// there, the kiosk only asks who it sees (`look`), and records again (`record`)
// when they have left or when somebody else stands there.
import type { Box, PinPunched, Punched } from '../api/shapes'

export const GREETING_MS = 4_000
/** Empty frames over this long mean that the person has left. */
export const GAP_MS = 1_500
/** Without one sure sighting for this long, nobody is taken to be there. */
export const FORGET_MS = 10_000
/** A refusal stays readable for this long when the next frame is empty. */
export const NOTICE_MS = 1_500
/** The way in by PIN is offered for this long after the camera was in doubt. */
export const OFFER_MS = 20_000
/** A PIN pad that nobody touches closes, so that the camera sees the next one. */
export const PAD_MS = 30_000
export const ASK_EVERY_MS = 500
const ASK_AGAIN_MS = 2_000

export type Notice =
  | 'starting'
  | 'look'
  | 'recorded'
  | 'offline'
  | 'server'
  | 'wait'
  | 'face_several'
  | 'face_small'
  | 'face_unknown'
  | 'face_ambiguous'
  | 'picture_invalid'
  | 'placing'
  | 'kiosk_network'
  | 'kiosk_place'
  | 'other'

export interface Greeting {
  username: string
  name: string
  direction: Punched['direction']
  at: string
  repeated: boolean
  until: number
}

interface Present {
  username: string
  name: string
  /** When a frame last showed them for sure. */
  seenAt: number
  /** When the frames began to be empty, or null. */
  emptySince: number | null
}

/** The PIN pad; what is typed into it stays in its own fields. */
export interface Pad {
  touchedAt: number
  sending: boolean
  refused: { code: string; detail: string } | null
}

export interface State {
  camera: 'starting' | 'ready' | 'denied' | 'missing'
  ended: 'no' | 'revoked' | 'forbidden'
  greeting: Greeting | null
  present: Present | null
  /** Somebody else whom one frame showed; two in a row are believed. */
  other: string | null
  notice: Notice
  noticeAt: number
  /** The server's own words, for a refusal that has none here. */
  detail: string
  boxes: Box[]
  trouble: boolean
  /** Until when the PIN is offered; 0 when it is not. */
  offerUntil: number
  pad: Pad | null
  /** The server asks where this kiosk is. */
  placing: boolean
}

export type Event =
  | { type: 'camera'; camera: State['camera'] }
  | { type: 'answered'; asked: Ask; punched: Punched; now: number }
  | { type: 'refused'; code: string; detail: string; status: number; now: number; located?: boolean }
  | { type: 'pad_opened' | 'pad_touched' | 'pad_closed' | 'pin_sent'; now: number }
  | { type: 'pin_answered'; punched: PinPunched; now: number }
  | { type: 'pin_refused'; code: string; detail: string; now: number }
  | { type: 'ticked'; now: number }

export type Ask = 'record' | 'look'

export const initial: State = {
  camera: 'starting',
  ended: 'no',
  greeting: null,
  present: null,
  other: null,
  notice: 'starting',
  noticeAt: 0,
  detail: '',
  boxes: [],
  trouble: false,
  offerUntil: 0,
  pad: null,
  placing: false,
}

/** What to ask about the next frame; null when there is nothing to ask. */
export function ask(state: State, now: number): Ask | null {
  // Who types a PIN stands before the camera, and must not be recorded twice.
  if (state.camera !== 'ready' || state.ended !== 'no' || state.pad) return null
  return state.present && now - state.present.seenAt <= FORGET_MS ? 'look' : 'record'
}

/** Whether to offer the PIN: the camera was in doubt, or there is none. */
export function offersPin(state: State): boolean {
  if (state.ended !== 'no' || state.greeting || state.pad) return false
  return state.offerUntil > 0 || state.camera === 'denied' || state.camera === 'missing'
}

/** How long to leave between the start of one question and the next. */
export function interval(state: State): number {
  return state.trouble ? ASK_AGAIN_MS : ASK_EVERY_MS
}

export function reduce(state: State, event: Event): State {
  switch (event.type) {
    case 'camera':
      return {
        ...state,
        camera: event.camera,
        boxes: [],
        notice: state.notice === 'starting' && event.camera === 'ready' ? 'look' : state.notice,
      }
    case 'ticked':
      return ticked(state, event.now)
    case 'answered':
      return answered(ticked(state, event.now), event)
    case 'refused':
      return refused(ticked(state, event.now), event)
    case 'pad_opened':
      return { ...state, pad: { touchedAt: event.now, sending: false, refused: null }, boxes: [] }
    case 'pad_touched':
      return state.pad ? { ...state, pad: { ...state.pad, touchedAt: event.now } } : state
    case 'pad_closed':
      return state.pad ? { ...state, pad: null } : state
    case 'pin_sent':
      return { ...state, pad: { touchedAt: event.now, sending: true, refused: null } }
    case 'pin_answered':
      return punchedByPin(state, event.punched, event.now)
    case 'pin_refused':
      return pinRefused(state, event)
  }
}

function ticked(state: State, now: number): State {
  let next = state
  if (next.greeting && now >= next.greeting.until) next = { ...next, greeting: null }
  if (next.offerUntil > 0 && now >= next.offerUntil) next = { ...next, offerUntil: 0 }
  if (next.pad && !next.pad.sending && now - next.pad.touchedAt >= PAD_MS) next = { ...next, pad: null }
  return next
}

// They are still there, so the camera only looks, as after a face.
function punchedByPin(state: State, punched: PinPunched, now: number): State {
  const { username, name, direction, at, repeated, placed } = punched
  return {
    ...state,
    pad: null,
    offerUntil: 0,
    trouble: false,
    detail: '',
    boxes: [],
    present: { username, name, seenAt: now, emptySince: null },
    other: null,
    notice: 'recorded',
    noticeAt: now,
    placing: placed,
    greeting: { username, name, direction, at, repeated, until: now + GREETING_MS },
  }
}

function pinRefused(state: State, event: Extract<Event, { type: 'pin_refused' }>): State {
  const { code, detail, now } = event
  if (code === 'unauthorized' || code === 'forbidden') return ended(state, code)
  return {
    ...state,
    placing: state.placing || code === 'kiosk_place',
    pad: { touchedAt: now, sending: false, refused: { code, detail } },
  }
}

function ended(state: State, code: 'unauthorized' | 'forbidden'): State {
  const why = code === 'unauthorized' ? 'revoked' : 'forbidden'
  return { ...state, ended: why, greeting: null, present: null, boxes: [], pad: null }
}

function answered(state: State, event: Extract<Event, { type: 'answered' }>): State {
  const { asked, punched, now } = event
  const next = { ...state, trouble: false, detail: '', boxes: punched.faces, placing: punched.placed, offerUntil: 0 }
  const here = {
    username: punched.username,
    name: punched.name,
    seenAt: now,
    emptySince: null,
  }
  if (asked === 'record') {
    const { username, name, direction, at, repeated } = punched
    return {
      ...next,
      pad: null, // the frame was asked about before it was opened
      present: here,
      other: null,
      notice: 'recorded',
      noticeAt: now,
      greeting: { username, name, direction, at, repeated, until: now + GREETING_MS },
    }
  }
  if (!state.present || state.present.username === punched.username)
    return { ...next, present: here, other: null, notice: 'recorded', noticeAt: now }
  // One frame may be mistaken. Two in a row are somebody else, who is recorded
  // with the next frame because nobody known is present any more.
  if (state.other === punched.username) return { ...next, present: null, other: null }
  return { ...next, other: punched.username }
}

function refused(state: State, event: Extract<Event, { type: 'refused' }>): State {
  const { code, detail, status, now } = event
  switch (code) {
    case 'unauthorized':
      return ended(state, code)
    case 'forbidden':
      return ended(state, code)
    case 'offline':
      return trouble(state, 'offline', now)
    case 'kiosk_network':
      return trouble(state, code, now)
    case 'kiosk_place':
      // Before a position was sent, it is no wonder.
      return { ...trouble(state, event.located ? code : 'placing', now), placing: true }
    case 'rate_limited':
      return trouble(state, 'wait', now)
    case 'face_none':
      return empty(state, now)
    case 'face_unknown':
    case 'face_ambiguous':
      return { ...unclear(state, code, detail, now), offerUntil: now + OFFER_MS }
    case 'face_several':
    case 'face_small':
    case 'picture_invalid':
      return unclear(state, code, detail, now)
  }
  if (status >= 500 || status === 0) return trouble(state, 'server', now)
  return unclear(state, 'other', detail, now)
}

// No answer says nothing about who is there, so nobody leaves by it.
function trouble(state: State, notice: Notice, now: number): State {
  return { ...state, trouble: true, notice, noticeAt: now, detail: '', boxes: [] }
}

function empty(state: State, now: number): State {
  const readable = isRefusal(state.notice) && now - state.noticeAt < NOTICE_MS
  return {
    ...state,
    trouble: false,
    boxes: [],
    other: null,
    present: leaving(state.present, now),
    notice: readable ? state.notice : 'look',
    detail: readable ? state.detail : '',
  }
}

function leaving(present: Present | null, now: number): Present | null {
  if (!present) return null
  const emptySince = present.emptySince ?? now
  return now - emptySince >= GAP_MS ? null : { ...present, emptySince }
}

// A face that cannot be told may well be theirs with the head turned: better a
// moment's patience than a false exit. FORGET_MS bounds it, so that a poster
// in the background does not keep somebody "present" all day.
function unclear(state: State, notice: Notice, detail: string, now: number): State {
  const { present } = state
  return {
    ...state,
    trouble: false,
    boxes: [],
    other: null,
    present: present && now - present.seenAt <= FORGET_MS ? { ...present, emptySince: null } : null,
    notice,
    noticeAt: now,
    detail,
  }
}

function isRefusal(notice: Notice): boolean {
  return !['starting', 'look', 'recorded', 'offline', 'server', 'wait', 'placing', 'kiosk_network', 'kiosk_place'].includes(notice)
}
