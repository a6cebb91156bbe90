// Who is signed in here. The access token lives in memory only; the refresh
// token is an HttpOnly cookie that the server rotates with every use, and a
// second use of a rotated one revokes the session. So refreshing happens once
// at a time in this page, and under a lock across the browser's tabs.
import { Problem, problemFrom } from '../api/problem'
import type { Me, Session } from '../api/shapes'

export type State =
  | { status: 'unknown' }
  | { status: 'unreachable' }
  | { status: 'signed-out'; ended: boolean }
  | { status: 'signed-in'; user: Me }

interface Parts {
  fetch: (request: Request) => Promise<Response>
  now: () => number
  /** Runs work while no other tab runs any. */
  exclusively: <T>(work: () => Promise<T>) => Promise<T>
  /** Tells the other tabs that the cookie now belongs to somebody else. */
  announce: () => void
}

const SESSIONS = '/api/v1/sessions'
const REFRESH = '/api/v1/sessions/refresh'
// A token is renewed this long before it ends, so that no request meets the end.
const EARLY_MS = 30_000
const PATIENCE_MS = 15_000

export class SessionKeeper {
  private state: State = { status: 'unknown' }
  private token = ''
  private endsAt = 0
  private refreshing: Promise<boolean> | null = null
  private readonly listeners = new Set<() => void>()
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  readonly snapshot = (): State => this.state

  /** Takes a session that a sign-in, a set-up or a new kiosk was answered with. */
  adopt(session: Session) {
    this.keep(session)
    this.parts.announce()
  }

  /** Finds out on load, or after another tab's word, who is signed in. */
  async restore(): Promise<State> {
    try {
      await this.refresh()
    } catch {
      if (this.state.status !== 'signed-in') this.set({ status: 'unreachable' })
    }
    return this.state
  }

  /** Forgets the token because another tab signed in or out. */
  async changedElsewhere(): Promise<void> {
    this.token = ''
    await this.restore()
  }

  async signOut(): Promise<void> {
    try {
      await this.fetch(new Request(new URL(SESSIONS, location.origin), { method: 'DELETE' }))
    } finally {
      this.forget(false)
      this.parts.announce()
    }
  }

  /** fetch with the access token, renewed when it is about to end or refused. */
  async fetch(request: Request): Promise<Response> {
    if (this.token && this.parts.now() > this.endsAt - EARLY_MS) {
      // A renewal that cannot reach the server must not stop a token that still works.
      await this.refresh().catch(() => false)
    }
    const used = this.token
    const again = used ? request.clone() : null
    const response = await this.parts.fetch(withToken(request, used))
    if (response.status !== 401 || !again) return response
    // Someone may have renewed it while this request was under way.
    if (this.token === used && !(await this.refresh())) return response
    return this.token ? this.parts.fetch(withToken(again, this.token)) : response
  }

  /** Renews the session; false when there is none. Throws when unreachable. */
  refresh(): Promise<boolean> {
    this.refreshing ??= this.parts
      .exclusively(() => this.renew())
      .finally(() => {
        this.refreshing = null
      })
    return this.refreshing
  }

  private async renew(): Promise<boolean> {
    const response = await this.parts.fetch(
      new Request(new URL(REFRESH, location.origin), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
        // A server that accepts and never answers is as good as away.
        signal: AbortSignal.timeout(PATIENCE_MS),
      }),
    )
    if (response.ok) {
      this.keep((await response.json()) as Session)
      return true
    }
    if (response.status >= 500 || response.status === 429)
      throw problemFrom(response.status, await response.json().catch(() => null))
    this.forget(this.state.status === 'signed-in')
    return false
  }

  private keep(session: Session) {
    if (!session.access_token) throw new Problem('internal', '')
    this.token = session.access_token
    this.endsAt = this.parts.now() + session.expires_in * 1000
    this.set({ status: 'signed-in', user: session.user })
  }

  private forget(ended: boolean) {
    this.token = ''
    this.endsAt = 0
    if (this.state.status === 'signed-out') return
    this.set({ status: 'signed-out', ended })
  }

  private set(state: State) {
    this.state = state
    for (const listener of this.listeners) listener()
  }
}

function withToken(request: Request, token: string): Request {
  if (!token) return request
  const headers = new Headers(request.headers)
  headers.set('Authorization', `Bearer ${token}`)
  return new Request(request, { headers })
}

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('hajir-session')

export const session = new SessionKeeper({
  fetch: (request) => fetch(request),
  now: () => Date.now(),
  // Locks need a secure context; without them, one tab is all that is safe.
  exclusively: async (work) =>
    'locks' in navigator ? await navigator.locks.request('hajir-refresh', work) : work(),
  announce: () => channel?.postMessage('changed'),
})

channel?.addEventListener('message', () => void session.changedElsewhere())
