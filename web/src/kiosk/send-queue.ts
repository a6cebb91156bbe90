// Sends what waits, oldest first, and says when to try again.
import { api, ok, postMoment } from '../api/client'
import { asProblem } from '../api/problem'
import { currentPosition } from './position'
import type { Kept, Queue, Waiting } from './queue'

const PATIENCE_MS = 20_000
export const AGAIN_MS = 5_000

export type Post = (item: Waiting, kept: Kept) => Promise<unknown>

/**
 * Sends everything that waits for a company. Null when nothing is left to be sent;
 * else how many milliseconds to wait before the next try, which the server may say.
 */
export async function drain(queue: Queue, company: string, post: Post, changed: () => void): Promise<number | null> {
  let again: number | null = null
  for (const seq of await queue.waiting(company)) {
    const item = await queue.get(seq)
    if (!item) continue // another tab has sent it
    let kept: Kept
    try {
      kept = await queue.read(item)
    } catch {
      await queue.refuse(item, 'unreadable')
      changed()
      continue
    }
    try {
      await post(item, kept)
      await queue.done(seq)
    } catch (error) {
      const { code, status, retryAfter } = asProblem(error)
      if (code === 'internal' || status === 500) {
        again = AGAIN_MS // it holds up nobody else, and stays
        continue
      }
      if (passes(code)) return retryAfter > 0 ? retryAfter * 1_000 : AGAIN_MS
      await queue.refuse(item, code)
    }
    changed()
  }
  return again
}

// What says nothing about the punch, but about the network, the server, or this
// device: it waits on.
function passes(code: string): boolean {
  return ['offline', 'unavailable', 'rate_limited', 'unauthorized', 'forbidden', 'kiosk_network', 'kiosk_place'].includes(code)
}

export function postQueued({ company, key, at }: Waiting, kept: Kept): Promise<unknown> {
  const position = currentPosition()
  const signal = AbortSignal.timeout(PATIENCE_MS)
  if ('pin' in kept)
    return ok(
      api.POST('/api/v1/companies/{company}/punches/pin', {
        params: {
          path: { company },
          header: { 'Idempotency-Key': key, 'Claimed-At': at, Queued: true, ...(position && { Geolocation: position }) },
        },
        body: kept,
        signal,
      }),
    )
  const query = kept.present.length > 0 ? `?present=${kept.present.map(encodeURIComponent).join(',')}` : ''
  return postMoment(`/api/v1/companies/${encodeURIComponent(company)}/punches${query}`, kept.pictures, {
    headers: { 'Idempotency-Key': key, 'Claimed-At': at, Queued: 'true', ...(position && { Geolocation: position }) },
    signal,
  })
}
