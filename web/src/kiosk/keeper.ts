// The queue at work: keeps punches, sends them when the network is there, and tells
// the page how many wait. Of several tabs one sends at a time.
import { randomId } from '../api/random-id'
import { Queue, type Kept, type Refused } from './queue'
import { AGAIN_MS, drain, postQueued, type Post } from './send-queue'

export interface Status {
  waiting: number
  refused: Refused[]
}

const MOST_MS = 60_000
const nothing: Status = { waiting: 0, refused: [] }

export class Keeper {
  private status = nothing
  private readonly listeners = new Set<() => void>()
  private readonly queue: Promise<Queue | null>
  private readonly company: string
  private readonly post: Post
  private readonly channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('hajir-kiosk-queue')
  private timer: ReturnType<typeof setTimeout> | undefined
  private pause = AGAIN_MS
  private running = false
  private stopped = false
  /** Whether there is a session to send with. */
  private able = false

  constructor(company: string, open: () => Promise<Queue> = () => Queue.open(), post: Post = postQueued) {
    this.company = company
    this.post = post
    this.queue = open().then(
      async (queue) => {
        await queue.tidy(company, Date.now())
        return queue
      },
      () => null,
    )
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  readonly snapshot = (): Status => this.status

  /** Begins to send; call `stop` at the end. */
  start() {
    this.stopped = false
    this.channel?.addEventListener('message', this.elsewhere)
    globalThis.addEventListener('online', this.sendNow)
    void this.refresh()
    this.sendNow()
  }

  stop() {
    this.stopped = true
    clearTimeout(this.timer)
    this.channel?.removeEventListener('message', this.elsewhere)
    globalThis.removeEventListener('online', this.sendNow)
  }

  /** Says whether there is a session, without which nothing can be sent. */
  enable(able: boolean) {
    if (able === this.able) return
    this.able = able
    if (able) this.sendNow()
  }

  /** Keeps a punch that could not be sent; false when this browser cannot. */
  async keep(kept: Kept, at: Date, key: string = randomId()): Promise<boolean> {
    const queue = await this.queue
    if (!queue) return false
    try {
      await queue.add(this.company, key, at.toISOString(), kept)
    } catch {
      return false // no room
    }
    // So that the browser does not clear it away when it needs room.
    void (navigator.storage as StorageManager | undefined)?.persist().catch(() => undefined)
    await this.refresh()
    this.channel?.postMessage('changed')
    this.later(AGAIN_MS)
    return true
  }

  async dismiss(): Promise<void> {
    const queue = await this.queue
    await queue?.dismiss(this.company)
    await this.refresh()
    this.channel?.postMessage('changed')
  }

  /** Tries at once, for example when the server answers again. */
  readonly sendNow = () => {
    this.pause = AGAIN_MS
    void this.send()
  }

  private readonly elsewhere = () => void this.refresh()

  private async send(): Promise<void> {
    clearTimeout(this.timer)
    if (this.running || this.stopped || !this.able) return
    this.running = true
    let again: number | null
    try {
      const queue = await this.queue
      if (!queue) return
      again = await exclusively(() =>
        drain(queue, this.company, this.post, () => {
          void this.refresh()
          this.channel?.postMessage('changed')
        }),
      )
      await this.refresh()
    } catch {
      again = AGAIN_MS // the database is busy or in the way; what waits is still there
    } finally {
      this.running = false
    }
    if (again === null) this.pause = AGAIN_MS
    else this.later(Math.max(again, this.pause))
  }

  private later(ms: number) {
    if (this.stopped) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.send(), ms)
    this.pause = Math.min(this.pause * 2, MOST_MS)
  }

  private async refresh(): Promise<void> {
    const queue = await this.queue
    if (!queue) return
    const [waiting, refused] = await Promise.all([queue.waiting(this.company), queue.refused(this.company)])
    if (waiting.length === 0 && refused.length === 0 && this.status === nothing) return
    this.status = { waiting: waiting.length, refused }
    for (const listener of this.listeners) listener()
  }
}

// Another tab that sends does it for this one, which looks again later.
async function exclusively(work: () => Promise<number | null>): Promise<number | null> {
  if (!('locks' in navigator)) return work()
  return navigator.locks.request('hajir-kiosk-queue', { ifAvailable: true }, (lock) => (lock ? work() : AGAIN_MS))
}
