// Sends what somebody does before the camera, until they have done what they were
// asked for. Frames are taken while the last ones are on their way, so that none
// misses closed eyes.
import { postMoment } from '../api/client'
import { asProblem } from '../api/problem'
import { randomId } from '../api/random-id'
import type { Moved } from '../api/shapes'
import { takeFrame } from '../camera/frame'
import type { Event, State } from './machine'

const WIDTH = 640
const QUALITY = 0.85
const PATIENCE_MS = 10_000
const FRAME_MS = 110
/** How many frames are sent at once, at least, and at most: the server's limit. */
const LEAST = 4
const MOST = 8

interface Stage {
  company: string
  video: HTMLVideoElement
  canvas: HTMLCanvasElement
  /** The newest state. */
  now: () => State
  dispatch: (event: Event) => void
  headers: () => Record<string, string>
  stop: AbortSignal
}

export async function perform({ company, video, canvas, now, dispatch, headers, stop }: Stage): Promise<void> {
  const frames: Blob[] = []
  let sampling = true
  const sample = async () => {
    while (sampling && !stop.aborted) {
      const began = Date.now()
      try {
        frames.push(await takeFrame(video, canvas, WIDTH, QUALITY))
        // While an answer is long in coming, they span more time, not less.
        if (frames.length > MOST) frames.splice(0, frames.length, ...frames.filter((_, index) => index % 2 === 1))
      } catch {
        // the camera has no frame yet
      }
      await pause(Math.max(FRAME_MS - (Date.now() - began), 10), stop)
    }
  }
  const sampled = sample()
  try {
    for (;;) {
      const { challenge, pad } = now()
      if (!challenge || pad || stop.aborted) return
      if (frames.length < LEAST) {
        await pause(FRAME_MS / 2, stop)
        continue
      }
      dispatch(await send(company, challenge.ticket, frames.splice(0, MOST), headers(), stop))
    }
  } finally {
    sampling = false
    await sampled
  }
}

async function send(company: string, ticket: string, frames: Blob[], headers: Record<string, string>, stop: AbortSignal): Promise<Event> {
  try {
    const moved = await postMoment<Moved>(`/api/v1/companies/${encodeURIComponent(company)}/punches/challenge`, frames, {
      headers: { ...headers, Ticket: ticket, 'Idempotency-Key': randomId() },
      signal: AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]),
    })
    return { type: 'moved', ticket, moved, now: Date.now() }
  } catch (error) {
    const { code, detail, status } = asProblem(error)
    return { type: 'challenge_ended', ticket, code, detail, status, now: Date.now() }
  }
}

export function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    stop.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
