// What the kiosk knows and does next, as a pure reducer: no clock, no camera,
// no network. use-kiosk.ts feeds it; machine.test.ts tells it stories.
//
// The rule that matters most: somebody who was recorded and lingers in front
// of the camera must not be recorded again, as an exit. So while they are
// there, the kiosk only asks who it sees (`look`), and records again (`record`)
// when they have left or when somebody else stands there. At a kiosk for groups
// several may stand there: who does is named to the server with each record.
import type { Asked } from '../api/problem'
import type { Box, Moved, PinPunched, Punched, Seen } from '../api/shapes'

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
/** A PIN confirms whom the camera saw for so long: a little less than the server allows. */
export const CONFIRM_MS = 55_000
/** What is asked for may take so long: a little less than the server allows. */
export const CHALLENGE_MS = 29_000
/** Why it ended is readable for so long, before the camera asks again. */
export const REST_MS = 3_000
/** However long the server wants it to wait, a kiosk asks again after so long. */
export const LATER_MS = 60_000
export const ASK_EVERY_MS = 500
const ASK_AGAIN_MS = 2_000

export type Notice =
  | 'starting'
  | 'look'
  | 'recorded'
  | 'offline'
  | 'server'
  | 'unkept'
  | 'wait'
  | 'face_several'
  | 'face_small'
  | 'face_unknown'
  | 'face_ambiguous'
  | 'face_not_live'
  | 'face_contradicted'
  | 'frames_wanted'
  | 'confirm_expired'
  | 'challenge_wrong'
  | 'challenge_late'
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
  /** Who came or went together with them. */
  others: Omit<Greeting, 'until' | 'others'>[]
}

/** What was kept because there was no network. Nobody knows yet who it was. */
export interface Keeping {
  at: number
  /** For so long it is told. */
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

/** What somebody is asked to do, to show that they are there. */
export interface Challenge extends Asked {
  askedAt: number
}

/** The PIN pad; what is typed into it stays in its own fields. */
export interface Pad {
  touchedAt: number
  sending: boolean
  refused: { code: string; detail: string } | null
  /** What the PIN confirms, and until when; without one, it stands for itself. */
  ticket: string
  ticketUntil: number
  /** The ticket is of a challenge: there is no look-alike. */
  moving?: boolean
}

export interface State {
  camera: 'starting' | 'ready' | 'denied' | 'missing'
  ended: 'no' | 'revoked' | 'forbidden'
  greeting: Greeting | null
  /** Who was recorded and still stands there. */
  present: Present[]
  /** Others whom one frame showed, by their usernames; two in a row are believed. */
  other: string | null
  /** Others were believed, and are to be recorded with the next frame. */
  newcomers: boolean
  notice: Notice
  noticeAt: number
  /** The server's own words, for a refusal that has none here. */
  detail: string
  boxes: Box[]
  trouble: boolean
  /** Until when the PIN is offered; 0 when it is not. */
  offerUntil: number
  pad: Pad | null
  challenge: Challenge | null
  /** Until when nothing is asked, so that a notice can be read, or as the server wants it. */
  restUntil: number
  /** The server asks where this kiosk is. */
  placing: boolean
  /** The kiosk is for groups, as far as the server has said. */
  group: boolean
  /** The server cannot be reached. */
  away: boolean
  keeping: Keeping | null
  /** Somebody was kept at this time and may still stand there; 0 when nobody does. */
  keptAt: number
}

export type Event =
  | { type: 'camera'; camera: State['camera'] }
  | { type: 'answered'; asked: Ask; punched: Punched; now: number }
  | { type: 'refused'; code: string; detail: string; status: number; now: number; retryAfter?: number; located?: boolean; ticket?: string; challenge?: Asked | null }
  | { type: 'moved'; ticket: string; moved: Moved; now: number }
  | { type: 'challenge_ended'; ticket: string; code: string; detail: string; status: number; now: number }
  | { type: 'pad_opened' | 'pad_touched' | 'pad_closed' | 'pin_sent'; now: number }
  | { type: 'pin_answered'; punched: PinPunched; now: number }
  | { type: 'pin_refused'; code: string; detail: string; now: number }
  /** A picture or PIN waits for the network; or cannot, for want of room. */
  | { type: 'kept' | 'unkept'; now: number }
  /** What the detector here sees, of which the server is not told. */
  | { type: 'unseen' | 'stays'; now: number }
  | { type: 'ticked'; now: number }

export type Ask = 'record' | 'look' | 'challenge'

export const initial: State = {
  camera: 'starting',
  ended: 'no',
  greeting: null,
  present: [],
  other: null,
  newcomers: false,
  notice: 'starting',
  noticeAt: 0,
  detail: '',
  boxes: [],
  trouble: false,
  offerUntil: 0,
  pad: null,
  challenge: null,
  restUntil: 0,
  placing: false,
  group: false,
  away: false,
  keeping: null,
  keptAt: 0,
}

/** What to ask about the next frame; null when there is nothing to ask. */
export function ask(state: State, now: number): Ask | null {
  // Who types a PIN stands before the camera, and must not be recorded twice.
  if (state.camera !== 'ready' || state.ended !== 'no' || state.pad || now < state.restUntil) return null
  if (state.challenge) return 'challenge'
  // Whoever was kept is looked at first: they are known by it, and not recorded again.
  if (state.keptAt > 0 && now - state.keptAt <= FORGET_MS) return 'look'
  return !state.newcomers && state.present.some((one) => stays(one, now)) ? 'look' : 'record'
}

/** Who is not to be recorded again with the next frame. */
export function lingering(state: State, now: number): string[] {
  return state.present.filter((one) => stays(one, now)).map((one) => one.username)
}

function stays(one: Present, now: number): boolean {
  return now - one.seenAt <= FORGET_MS
}

/** Whether to offer the PIN: the camera was in doubt, or there is none, or no network and what is given is kept. */
export function offersPin(state: State, keeps = false): boolean {
  if (state.ended !== 'no' || state.greeting || state.pad) return false
  return state.challenge !== null || state.offerUntil > 0 || (keeps && state.away) || state.camera === 'denied' || state.camera === 'missing'
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
      return { ...state, challenge: null, pad: { touchedAt: event.now, sending: false, refused: null, ...ticketOf(state.challenge) }, boxes: [] }
    case 'pad_touched':
      return state.pad ? { ...state, pad: { ...state.pad, touchedAt: event.now } } : state
    case 'pad_closed':
      return state.pad ? { ...state, pad: null } : state
    case 'pin_sent':
      return { ...state, pad: { ...(state.pad ?? noTicket), touchedAt: event.now, sending: true, refused: null } }
    case 'pin_answered':
      return punchedByPin(state, event.punched, event.now)
    case 'pin_refused':
      return pinRefused(state, event)
    case 'kept':
      return kept(state, event.now)
    case 'unseen':
      return state.away ? left(state, event.now) : empty(ticked(state, event.now), event.now)
    case 'stays':
      return state.keptAt > 0 ? { ...state, keptAt: event.now } : state
    case 'unkept':
      return { ...trouble(state, 'unkept', event.now), pad: null }
    case 'moved':
      return state.challenge?.ticket === event.ticket ? moved(state, state.challenge, event) : state
    case 'challenge_ended':
      return state.challenge?.ticket === event.ticket ? challengeEnded(state, event) : state
  }
}

// Who stood there was kept with the picture: they linger until they have left.
function kept(state: State, now: number): State {
  return {
    ...state,
    keeping: { at: now, until: now + GREETING_MS },
    keptAt: now,
    greeting: null,
    pad: null,
    challenge: null,
    present: [],
    other: null,
    newcomers: false,
    boxes: [],
    offerUntil: 0,
  }
}

function ticked(state: State, now: number): State {
  let next = state
  if (next.keeping && now >= next.keeping.until) next = { ...next, keeping: null }
  if (next.keptAt > 0 && now - next.keptAt > FORGET_MS) next = { ...next, keptAt: 0 }
  if (next.greeting && now >= next.greeting.until) next = { ...next, greeting: null }
  if (next.offerUntil > 0 && now >= next.offerUntil) next = { ...next, offerUntil: 0 }
  if (next.pad && !next.pad.sending && now - next.pad.touchedAt >= PAD_MS) next = { ...next, pad: null }
  if (next.challenge && now - next.challenge.askedAt >= CHALLENGE_MS) next = over(next, 'challenge_late', now)
  if (next.pad?.ticket && !next.pad.sending && now >= next.pad.ticketUntil) next = tooLate(next, now)
  return next
}

const noTicket = { ticket: '', ticketUntil: 0 }

/** A PIN does instead of what is asked for. */
function ticketOf(challenge: Challenge | null): Pick<Pad, 'ticket' | 'ticketUntil' | 'moving'> {
  if (!challenge) return noTicket
  return { ticket: challenge.ticket, ticketUntil: challenge.askedAt + CONFIRM_MS, moving: true }
}

function challenged(state: State, asked: Asked, now: number): State {
  return { ...unclear(state, 'look', '', now), challenge: { ...asked, askedAt: now }, greeting: null, offerUntil: 0 }
}

function moved(state: State, challenge: Challenge, event: Extract<Event, { type: 'moved' }>): State {
  const { moved, now } = event
  if (moved.punch) return punchedByPin({ ...state, challenge: null }, moved.punch, now)
  if (!moved.challenge) return state
  const { step, done, steps } = moved.challenge
  return { ...state, trouble: false, challenge: { ...challenge, step, done, steps } }
}

/** It is over, and the PIN is offered: the camera asks again after a moment. */
function over(state: State, notice: Notice, now: number): State {
  return { ...state, challenge: null, notice, noticeAt: now, detail: '', boxes: [], offerUntil: now + OFFER_MS, restUntil: now + REST_MS }
}

function challengeEnded(state: State, event: Extract<Event, { type: 'challenge_ended' }>): State {
  const { code, status, now } = event
  switch (code) {
    case 'unauthorized':
    case 'forbidden':
      return ended(state, code)
    case 'face_not_live':
      return over(state, 'challenge_wrong', now)
    case 'face_contradicted':
      return over(state, code, now)
    case 'confirm_expired':
      return over(state, 'challenge_late', now)
  }
  // Without an answer, the next frames may get one, until the time is over.
  if (status >= 500 || status === 0 || code === 'rate_limited') return state
  return { ...over(state, 'other', now), detail: event.detail }
}

function tooLate(state: State, now: number): State {
  return { ...state, pad: null, notice: 'confirm_expired', noticeAt: now, detail: '' }
}

/** The pad opens by itself, for one of those whom the camera could not tell apart. */
function confirming(state: State, ticket: string, now: number): State {
  return { ...state, pad: { touchedAt: now, sending: false, refused: null, ticket, ticketUntil: now + CONFIRM_MS }, boxes: [] }
}

// They are still there, so the camera only looks, as after a face.
function punchedByPin(state: State, punched: PinPunched, now: number): State {
  const { username, name, direction, at, repeated, placed, group } = punched
  return {
    ...state,
    pad: null,
    offerUntil: 0,
    trouble: false,
    away: false,
    keeping: null,
    keptAt: 0,
    detail: '',
    boxes: [],
    // Those recorded with them linger as before.
    present: [...state.present.filter((one) => one.username !== username), { username, name, seenAt: now, emptySince: null }],
    other: null,
    newcomers: false,
    notice: 'recorded',
    noticeAt: now,
    placing: placed,
    group,
    greeting: { username, name, direction, at, repeated, until: now + GREETING_MS, others: [] },
  }
}

function pinRefused(state: State, event: Extract<Event, { type: 'pin_refused' }>): State {
  const { code, detail, now } = event
  if (code === 'unauthorized' || code === 'forbidden') return ended(state, code)
  if (code === 'confirm_expired') return tooLate(state, now)
  return {
    ...state,
    placing: state.placing || code === 'kiosk_place',
    pad: { ...(state.pad ?? noTicket), touchedAt: now, sending: false, refused: { code, detail } },
  }
}

function ended(state: State, code: 'unauthorized' | 'forbidden'): State {
  const why = code === 'unauthorized' ? 'revoked' : 'forbidden'
  return { ...state, ended: why, greeting: null, present: [], boxes: [], pad: null, challenge: null }
}

function answered(state: State, event: Extract<Event, { type: 'answered' }>): State {
  const { asked, punched, now } = event
  const next = { ...state, trouble: false, away: false, keptAt: 0, detail: '', boxes: punched.faces, placing: punched.placed, group: punched.group, offerUntil: 0 }
  const { people } = punched
  const shown: Present[] = people.map(({ username, name }) => ({ username, name, seenAt: now, emptySince: null }))
  // One who is missing from a frame may have turned away, and comes back into it.
  const missing = state.present.filter((one) => stays(one, now) && !shown.some((other) => other.username === one.username))
  const present = [...shown, ...missing]
  if (asked === 'record') {
    const known = new Set(state.present.map((one) => one.username))
    const [first, ...others] = people.filter((one) => one.recorded || !known.has(one.username)).map(greeted)
    const recorded: State = {
      ...next,
      pad: null, // the frame was asked about before it was opened
      present,
      other: null,
      newcomers: false,
      notice: 'recorded',
      noticeAt: now,
      greeting: first ? { ...first, others, until: now + GREETING_MS } : next.greeting,
    }
    const offer = punched.offers[0]
    return offer ? confirming(recorded, offer.ticket, now) : recorded
  }
  const strangers = shown.filter((one) => !state.present.some((known) => known.username === one.username))
  if (strangers.length === 0 || state.present.length === 0)
    return { ...next, present, other: null, notice: 'recorded', noticeAt: now }
  // One frame may be mistaken. Two in a row are somebody else, who is recorded
  // with the next frame, while those who stayed are not.
  const other = strangers
    .map((one) => one.username)
    .sort()
    .join(' ')
  if (state.other !== other) return { ...next, other }
  return { ...next, present: present.filter((one) => !strangers.includes(one)), other: null, newcomers: true }
}

function greeted({ username, name, direction, at, repeated }: Seen): Omit<Greeting, 'until' | 'others'> {
  return { username, name, direction, at, repeated }
}

function refused(before: State, event: Extract<Event, { type: 'refused' }>): State {
  const { code, detail, status, now } = event
  const away = isAway(event)
  const state = before.away === away ? before : { ...before, away }
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
      return later(trouble(state, 'wait', now), event)
    case 'face_none':
      return empty(state, now)
    case 'face_challenge':
      if (event.challenge) return challenged(state, event.challenge, now)
      return { ...unclear(state, 'face_not_live', detail, now), offerUntil: now + OFFER_MS }
    case 'face_confirm':
      if (event.ticket) return confirming({ ...unclear(state, 'face_ambiguous', detail, now), offerUntil: now + OFFER_MS }, event.ticket, now)
      return { ...unclear(state, 'face_ambiguous', detail, now), offerUntil: now + OFFER_MS }
    case 'face_unknown':
    case 'face_ambiguous':
    case 'face_not_live':
      return { ...unclear(state, code, detail, now), offerUntil: now + OFFER_MS }
    case 'face_several':
    case 'face_small':
    case 'face_contradicted':
    case 'frames_wanted':
    case 'picture_invalid':
      return unclear(state, code, detail, now)
  }
  // There is too much to do, and the server says when to come again.
  if (code === 'unavailable' && event.retryAfter) return later(trouble(state, 'wait', now), event)
  if (status >= 500 || status === 0) return trouble(state, 'server', now)
  return unclear(state, 'other', detail, now)
}

function later(state: State, { retryAfter, now }: { retryAfter?: number; now: number }): State {
  return retryAfter ? { ...state, restUntil: now + Math.min(retryAfter * 1000, LATER_MS) } : state
}

/** Whether an answer, or that there is none, says that the server cannot be reached, or
 *  records nothing. One that is only busy says when to come again. */
export function isAway({ code, status, retryAfter }: { code: string; status: number; retryAfter?: number }): boolean {
  const busy = code === 'unavailable' && Boolean(retryAfter)
  return code === 'offline' || (!busy && status >= 502 && status <= 504)
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
    newcomers: false,
    ...leave(state, now),
    notice: readable ? state.notice : 'look',
    detail: readable ? state.detail : '',
  }
}

function leave({ present, keptAt }: State, now: number): Pick<State, 'present' | 'keptAt'> {
  return { present: present.flatMap((one) => leaving(one, now)), keptAt: now - keptAt >= GAP_MS ? 0 : keptAt }
}

// That nobody is there says nothing about the network.
function left(state: State, now: number): State {
  return { ...state, boxes: [], ...leave(state, now) }
}

function leaving(one: Present, now: number): Present[] {
  const emptySince = one.emptySince ?? now
  return now - emptySince >= GAP_MS ? [] : [{ ...one, emptySince }]
}

// A face that cannot be told may well be theirs with the head turned: better a
// moment's patience than a false exit. FORGET_MS bounds it, so that a poster
// in the background does not keep somebody "present" all day.
function unclear(state: State, notice: Notice, detail: string, now: number): State {
  return {
    ...state,
    trouble: false,
    boxes: [],
    other: null,
    newcomers: false,
    present: state.present.filter((one) => stays(one, now)).map((one) => ({ ...one, emptySince: null })),
    notice,
    noticeAt: now,
    detail,
  }
}

function isRefusal(notice: Notice): boolean {
  return !['starting', 'look', 'recorded', 'offline', 'server', 'unkept', 'wait', 'placing', 'kiosk_network', 'kiosk_place'].includes(notice)
}
