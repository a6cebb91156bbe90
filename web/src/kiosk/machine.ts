// What the kiosk knows and does next, as a pure reducer: no clock, no camera,
// no network. use-kiosk.ts feeds it; machine.test.ts tells it stories.
//
// The rule that matters most: somebody who was recorded and lingers in front
// of the camera must not be recorded again, as an exit. So while they are
// there, the kiosk only asks who it sees (`look`), and records again (`record`)
// when they have left or when somebody else stands there.
import type { Box, Punched } from '../api/shapes'

export const GREETING_MS = 4_000
/** Empty frames over this long mean that the person has left. */
export const GAP_MS = 1_500
/** Without one sure sighting for this long, nobody is taken to be there. */
export const FORGET_MS = 10_000
/** A refusal stays readable for this long when the next frame is empty. */
export const NOTICE_MS = 1_500
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
}

export type Event =
  | { type: 'camera'; camera: State['camera'] }
  | { type: 'answered'; asked: Ask; punched: Punched; now: number }
  | { type: 'refused'; code: string; detail: string; status: number; now: number }
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
}

/** What to ask about the next frame; null when there is nothing to ask. */
export function ask(state: State, now: number): Ask | null {
  if (state.camera !== 'ready' || state.ended !== 'no') return null
  return state.present && now - state.present.seenAt <= FORGET_MS ? 'look' : 'record'
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
  }
}

function ticked(state: State, now: number): State {
  if (state.greeting && now >= state.greeting.until) return { ...state, greeting: null }
  return state
}

function answered(state: State, event: Extract<Event, { type: 'answered' }>): State {
  const { asked, punched, now } = event
  const next = { ...state, trouble: false, detail: '', boxes: punched.faces }
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
      return { ...state, ended: 'revoked', greeting: null, present: null, boxes: [] }
    case 'forbidden':
      return { ...state, ended: 'forbidden', greeting: null, present: null, boxes: [] }
    case 'offline':
      return trouble(state, 'offline', now)
    case 'rate_limited':
      return trouble(state, 'wait', now)
    case 'face_none':
      return empty(state, now)
    case 'face_several':
    case 'face_small':
    case 'face_unknown':
    case 'face_ambiguous':
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
  return !['starting', 'look', 'recorded', 'offline', 'server', 'wait'].includes(notice)
}
