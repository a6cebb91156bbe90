// Runs the machine: camera frames out, answers in, one question at a time.
import { useEffect, useRef, useState, type RefObject } from 'react'

import { api, ok, postMoment, postPicture } from '../api/client'
import { asProblem, Problem } from '../api/problem'
import { randomId } from '../api/random-id'
import type { Punched } from '../api/shapes'
import { takeFrame } from '../camera/frame'
import type { CameraState } from '../camera/use-camera'
import { persist } from '../api/persist'
import type { Keeper } from './keeper'
import { ask, initial, interval, isAway, lingering, reduce, type Ask, type Event, type State } from './machine'
import { pause, perform } from './perform'
import { currentPosition, useLocating } from './position'
import type { Kept } from './queue'
import { Watcher, type Detector } from './watcher'

const MAX_WIDTH = 640
/** For faces that are too small in that: of people who stand further away, or side by side. */
const WIDE = 1280
const QUALITY = 0.85
const PATIENCE_MS = 10_000
const TICK_MS = 250
/** Pictures of one moment, which the server has agree, and the time between them. */
const FRAMES = 3
const FRAME_MS = 120
/** Whoever is refused so in one picture may be somebody: more pictures decide. */
const WORTH_MORE = ['face_unknown', 'face_ambiguous', 'face_not_live']

/** Even where nobody is seen, the server is asked so often: it may have news for this kiosk. */
const HEARTBEAT_MS = 15_000
/** How soon to look again, when nobody is there worth asking about. */
const LOOK_MS = 150

export interface Kiosk {
  state: State
  dispatch: (event: Event) => void
  punchByPin: (who: string, pin: string) => Promise<void>
  /** Keeps a picture of who stands there, for when the network is back. */
  keepNow: () => Promise<void>
}

interface Parts {
  company: string
  video: RefObject<HTMLVideoElement | null>
  camera: CameraState
  /** Where punches wait for the network; null when the company takes none. */
  keeper: Keeper | null
  /** There is a session; without one, it is as without a network. */
  online: boolean
  detector: RefObject<Detector | null>
}

export function useKiosk({ company, video, camera, keeper, online, detector }: Parts): Kiosk {
  const [state, setState] = useState(initial)
  // The loop below must see the newest state, not the one of its first render.
  const latest = useRef(initial)
  const [dispatch] = useState(() => (event: Event) => {
    const next = reduce(latest.current, event)
    if (next === latest.current) return
    latest.current = next
    setState(next)
  })

  useEffect(() => dispatch({ type: 'camera', camera }), [camera, dispatch])
  useLocating(state.placing)

  useEffect(() => {
    const timer = setInterval(() => dispatch({ type: 'ticked', now: Date.now() }), TICK_MS)
    return () => clearInterval(timer)
  }, [dispatch])

  const connected = useRef(online)
  useEffect(() => {
    connected.current = online
  }, [online])
  const { away } = state
  useEffect(() => {
    if (!away) keeper?.sendNow()
  }, [away, keeper])

  const [keep] = useState(() => async (kept: Kept, at: Date, key?: string) => {
    const done = keeper !== null && (await keeper.keep(kept, at, key))
    if (keeper) dispatch({ type: done ? 'kept' : 'unkept', now: Date.now() })
    return done
  })
  const [keepNow] = useState(() => async () => {
    if (!video.current) return
    const at = new Date()
    try {
      const take = takerOf(video.current, document.createElement('canvas'), latest.current.group ? WIDE : MAX_WIDTH)
      await keep({ pictures: await moment(await take(), take), present: [] }, at)
    } catch {
      dispatch({ type: 'unkept', now: Date.now() }) // the camera has no frame
    }
  })

  useEffect(() => {
    const stop = new AbortController()
    const watcher = new Watcher()
    let asked = 0
    const canvas = document.createElement('canvas')
    let timer: ReturnType<typeof setTimeout> | undefined

    const turn = async () => {
      const started = Date.now()
      const what = ask(latest.current, started)
      // A hidden page shows nobody a greeting, so it records nobody.
      if (what === 'challenge' && video.current) {
        await perform({ company, video: video.current, canvas, now: () => latest.current, dispatch, headers: () => ({ ...geolocation() }), stop: stop.signal })
        if (stop.signal.aborted) return
      } else if (what && what !== 'challenge' && video.current && !document.hidden) {
        const sight = detector.current ? watcher.see(detector.current(video.current, started), started) : 'unknown'
        if (sight === 'none') dispatch({ type: 'unseen', now: started })
        if (sight === 'good' && latest.current.away) {
          dispatch({ type: 'stays', now: started })
          if (what === 'record' && keeper) await keepNow()
        }
        // While the server is away, it is asked now and then, whoever stands there.
        const since = started - asked
        const worth = sight === 'unknown' || sight === 'good' || latest.current.away || since >= HEARTBEAT_MS
        if (!worth || (sight !== 'unknown' && since < interval(latest.current))) {
          timer = setTimeout(() => void turn(), LOOK_MS)
          return
        }
        asked = started
        const lost = (kept: Kept, key: string) => (keeper ? keep(kept, new Date(started), key) : Promise.resolve(false))
        const event = connected.current
          ? await question(company, what, lingering(latest.current, started), takerOf(video.current, canvas, latest.current.group ? WIDE : MAX_WIDTH), lost, stop.signal)
          : ({ type: 'refused', code: 'offline', detail: '', status: 0, now: Date.now() } as const)
        if (stop.signal.aborted) return
        if (event) dispatch(event)
      }
      const rest = detector.current ? LOOK_MS : interval(latest.current) - (Date.now() - started)
      timer = setTimeout(() => void turn(), Math.max(rest, 0))
    }

    void turn()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [company, detector, dispatch, keep, keepNow, keeper, video])

  const [punchByPin] = useState(() => async (who: string, pin: string) => {
    const ticket = latest.current.pad?.ticket
    const at = new Date()
    const key = randomId() // one for all tries, so that they are one punch
    dispatch({ type: 'pin_sent', now: Date.now() })
    try {
      if (!connected.current) throw new Problem('offline', '')
      const punched = await persist(() =>
        ok(
          api.POST('/api/v1/companies/{company}/punches/pin', {
            params: { path: { company }, header: { 'Idempotency-Key': key, ...geolocation() } },
            body: { who, pin, ...(ticket && { ticket }) },
            signal: AbortSignal.timeout(PATIENCE_MS),
          }),
        ),
      )
      dispatch({ type: 'pin_answered', punched, now: Date.now() })
    } catch (error) {
      const problem = asProblem(error)
      const { code, detail, status } = problem
      // A ticket is over by then, but the PIN stands for itself.
      if (keeper && isAway(problem) && (await keep({ who, pin }, at, key))) {
        dispatch({ type: 'refused', code, detail, status, now: Date.now() })
        return
      }
      dispatch({ type: 'pin_refused', code, detail, now: Date.now() })
    }
  })

  return { state, dispatch, punchByPin, keepNow }
}

// The server refuses with kiosk_place while this is not known and has to be.
function geolocation(): { Geolocation?: string } {
  const uri = currentPosition()
  return uri ? { Geolocation: uri } : {}
}

/** Takes pictures of one width; `wider` makes it the widest, where that is more. */
interface Taker {
  (): Promise<Blob>
  wider: () => boolean
}

function takerOf(video: HTMLVideoElement, canvas: HTMLCanvasElement, width: number): Taker {
  const take = () => takeFrame(video, canvas, width, QUALITY)
  const wider = () => {
    if (width === WIDE || video.videoWidth <= width) return false
    width = WIDE
    return true
  }
  return Object.assign(take, { wider })
}

/** Several pictures of one moment, of which there is the first. */
async function moment(first: Blob, take: Taker, stop = new AbortController().signal): Promise<Blob[]> {
  const pictures = [first]
  while (pictures.length < FRAMES) {
    await pause(FRAME_MS, stop)
    pictures.push(await take())
  }
  return pictures
}

async function question(
  company: string,
  asked: Exclude<Ask, 'challenge'>,
  present: string[],
  take: Taker,
  lost: (kept: Kept, key: string) => Promise<boolean>,
  stop: AbortSignal,
): Promise<Event | null> {
  const located = geolocation()
  const path = `/api/v1/companies/${encodeURIComponent(company)}/punches`
  const signal = () => AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)])
  const refused = (error: unknown): Event => {
    const { code, detail, status, retryAfter, ticket, challenge } = asProblem(error)
    return { type: 'refused', code, detail, status, retryAfter, ticket, challenge, now: Date.now(), located: 'Geolocation' in located }
  }
  const look = () => postPicture<Punched>(`${path}?dry_run=true`, picture, { headers: located, signal: signal() })

  let picture: Blob
  try {
    picture = await take()
  } catch {
    return null // the camera has no frame yet; the next turn may have one
  }
  // A look first, for most pictures of a door show nobody. Only one that shows
  // somebody is worth the others of its moment.
  try {
    const punched = await look().catch(async (error: unknown) => {
      if (asProblem(error).code !== 'face_small' || !take.wider()) throw error
      picture = await take()
      return look()
    })
    if (asked === 'look') return { type: 'answered', asked, punched, now: Date.now() }
  } catch (error) {
    if (asked === 'look' || !WORTH_MORE.includes(asProblem(error).code)) return refused(error)
  }
  // One key a moment: should the request be sent again, after a renewed token or
  // when the network is back, it is still one punch.
  const key = randomId()
  let pictures: Blob[] = []
  try {
    pictures = await moment(picture, take, stop)
    const query = present.length > 0 ? `?present=${present.map(encodeURIComponent).join(',')}` : ''
    const punched = await postMoment<Punched>(path + query, pictures, {
      headers: { 'Idempotency-Key': key, ...located },
      signal: signal(),
    })
    return { type: 'answered', asked, punched, now: Date.now() }
  } catch (error) {
    if (pictures.length > 0 && !stop.aborted && isAway(asProblem(error))) await lost({ pictures, present }, key)
    return refused(error)
  }
}
