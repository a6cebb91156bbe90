// Runs the machine: camera frames out, answers in, one question at a time.
import { useEffect, useRef, useState, type RefObject } from 'react'

import { api, ok, postMoment, postPicture } from '../api/client'
import { asProblem } from '../api/problem'
import { randomId } from '../api/random-id'
import type { Punched } from '../api/shapes'
import { takeFrame } from '../camera/frame'
import type { CameraState } from '../camera/use-camera'
import { ask, initial, interval, lingering, reduce, type Ask, type Event, type State } from './machine'
import { persist } from '../api/persist'
import { pause, perform } from './perform'
import { currentPosition, useLocating } from './position'

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

export interface Kiosk {
  state: State
  dispatch: (event: Event) => void
  punchByPin: (who: string, pin: string) => Promise<void>
}

export function useKiosk(company: string, video: RefObject<HTMLVideoElement | null>, camera: CameraState): Kiosk {
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

  useEffect(() => {
    const stop = new AbortController()
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
        const event = await question(company, what, lingering(latest.current, started), latest.current.group ? WIDE : MAX_WIDTH, video.current, canvas, stop.signal)
        if (stop.signal.aborted) return
        if (event) dispatch(event)
      }
      const rest = interval(latest.current) - (Date.now() - started)
      timer = setTimeout(() => void turn(), Math.max(rest, 0))
    }

    void turn()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [company, dispatch, video])

  const [punchByPin] = useState(() => async (who: string, pin: string) => {
    const ticket = latest.current.pad?.ticket
    const key = randomId() // one for all tries, so that they are one punch
    dispatch({ type: 'pin_sent', now: Date.now() })
    try {
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
      const { code, detail } = asProblem(error)
      dispatch({ type: 'pin_refused', code, detail, now: Date.now() })
    }
  })

  return { state, dispatch, punchByPin }
}

// The server refuses with kiosk_place while this is not known and has to be.
function geolocation(): { Geolocation?: string } {
  const uri = currentPosition()
  return uri ? { Geolocation: uri } : {}
}

async function question(
  company: string,
  asked: Exclude<Ask, 'challenge'>,
  present: string[],
  width: number,
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  stop: AbortSignal,
): Promise<Event | null> {
  const located = geolocation()
  const path = `/api/v1/companies/${encodeURIComponent(company)}/punches`
  const signal = () => AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)])
  const refused = (error: unknown): Event => {
    const { code, detail, status, retryAfter, ticket, challenge } = asProblem(error)
    return { type: 'refused', code, detail, status, retryAfter, ticket, challenge, now: Date.now(), located: 'Geolocation' in located }
  }
  const take = () => takeFrame(video, canvas, width, QUALITY)
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
      if (asProblem(error).code !== 'face_small' || width === WIDE || video.videoWidth <= width) throw error
      width = WIDE
      picture = await take()
      return look()
    })
    if (asked === 'look') return { type: 'answered', asked, punched, now: Date.now() }
  } catch (error) {
    if (asked === 'look' || !WORTH_MORE.includes(asProblem(error).code)) return refused(error)
  }
  try {
    const moment = [picture]
    while (moment.length < FRAMES) {
      await pause(FRAME_MS, stop)
      moment.push(await take())
    }
    const query = present.length > 0 ? `?present=${present.map(encodeURIComponent).join(',')}` : ''
    const punched = await postMoment<Punched>(path + query, moment, {
      // One key a moment: should the request be sent again after a renewed
      // token, it is still one punch.
      headers: { 'Idempotency-Key': randomId(), ...located },
      signal: signal(),
    })
    return { type: 'answered', asked, punched, now: Date.now() }
  } catch (error) {
    return refused(error)
  }
}
