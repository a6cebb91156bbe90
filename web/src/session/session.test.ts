// @vitest-environment jsdom
import { describe, expect, it, vi } from 'vitest'

import type { Session } from '../api/shapes'
import { SessionKeeper } from './session'

function grant(token: string): Session {
  return {
    access_token: token,
    token_type: 'Bearer',
    expires_in: 900,
    user: { username: 'asha', name: 'Asha', role: 'admin', company: 'acme', company_name: 'Acme', time_zone: 'UTC', calendar: 'gregorian', both_calendars: false, queue_minutes: 0 },
  }
}

function json(body: unknown, status = 200) {
  return new Response(JSON.stringify(body), { status })
}

/** A server that knows one valid access token and counts what it is asked. */
function house() {
  let issued = 0
  const seen: string[] = []
  const server = {
    valid: '',
    now: 1_000_000,
    down: false,
    revoked: false,
    refreshes: 0,
    announced: 0,
    locked: 0,
    seen,
  }
  const keeper = new SessionKeeper({
    now: () => server.now,
    announce: () => {
      server.announced++
    },
    exclusively: (work) => {
      server.locked++
      return work()
    },
    fetch: async (request) => {
      if (server.down) throw new TypeError('Failed to fetch')
      await Promise.resolve()
      const path = new URL(request.url).pathname
      if (path.endsWith('/sessions/refresh')) {
        server.refreshes++
        if (server.revoked) return json({ code: 'unauthorized' }, 401)
        server.valid = `token-${++issued}`
        return json(grant(server.valid))
      }
      const token = request.headers.get('Authorization') ?? ''
      seen.push(`${request.method} ${token} ${await request.text()}`)
      return token === `Bearer ${server.valid}` ? json({}) : json({ code: 'unauthorized' }, 401)
    },
  })
  return { server, keeper }
}

const URL_ = 'http://localhost/api/v1/me'

describe('SessionKeeper', () => {
  it('restores a session from the cookie', async () => {
    const { server, keeper } = house()
    const listener = vi.fn()
    keeper.subscribe(listener)
    const state = await keeper.restore()
    expect(state).toMatchObject({ status: 'signed-in', user: { username: 'asha' } })
    expect(listener).toHaveBeenCalledTimes(1)
    expect(server.locked).toBe(1)
  })

  it('is signed out, and not thrown out, when there never was a session', async () => {
    const { server, keeper } = house()
    server.revoked = true
    expect(await keeper.restore()).toEqual({ status: 'signed-out', ended: false })
  })

  it('does not take an unreachable server for a sign-out', async () => {
    const { server, keeper } = house()
    server.down = true
    expect(await keeper.restore()).toEqual({ status: 'unreachable' })
    server.down = false
    expect(await keeper.restore()).toMatchObject({ status: 'signed-in' })
    server.down = true
    expect(await keeper.restore()).toMatchObject({ status: 'signed-in' })
  })

  it('refreshes once for many requests that are refused together', async () => {
    const { server, keeper } = house()
    await keeper.restore()
    server.valid = 'rotated-away'
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => keeper.fetch(new Request(URL_))),
    )
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(200))
    expect(server.refreshes).toBe(2)
  })

  it('does not refresh again for a request that was refused before the renewal', async () => {
    const { server, keeper } = house()
    keeper.adopt(grant('old'))
    server.valid = 'old'
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const slow = keeper as unknown as { parts: { fetch: (r: Request) => Promise<Response> } }
    const inner = slow.parts.fetch
    slow.parts.fetch = async (request) => {
      if (request.url.endsWith('/slow')) {
        await held
        if (request.headers.get('Authorization') === 'Bearer old') return json({}, 401)
      }
      return inner(request)
    }
    const late = keeper.fetch(new Request('http://localhost/slow'))
    await keeper.refresh()
    release()
    expect((await late).status).toBe(200)
    expect(server.refreshes).toBe(1)
  })

  it('sends the same body and key again after a renewal', async () => {
    const { server, keeper } = house()
    await keeper.restore()
    server.valid = 'rotated-away'
    await keeper.fetch(new Request(URL_, { method: 'POST', body: 'picture' }))
    expect(server.seen).toEqual(['POST Bearer token-1 picture', 'POST Bearer token-2 picture'])
  })

  it('renews before the token ends', async () => {
    const { server, keeper } = house()
    await keeper.restore()
    server.now += 880_000
    await keeper.fetch(new Request(URL_))
    expect(server.refreshes).toBe(2)
    expect(server.seen).toEqual(['GET Bearer token-2 '])
  })

  it('ends the session when the refresh is refused', async () => {
    const { server, keeper } = house()
    await keeper.restore()
    server.valid = 'rotated-away'
    server.revoked = true
    const answer = await keeper.fetch(new Request(URL_))
    expect(answer.status).toBe(401)
    expect(keeper.snapshot()).toEqual({ status: 'signed-out', ended: true })
  })

  it('takes a new session over and tells the other tabs', async () => {
    const { server, keeper } = house()
    keeper.adopt(grant('kiosk'))
    server.valid = 'kiosk'
    expect((await keeper.fetch(new Request(URL_))).status).toBe(200)
    expect(server.announced).toBe(1)
  })

  it('is signed out here even when the server cannot be told', async () => {
    const { server, keeper } = house()
    await keeper.restore()
    server.down = true
    await expect(keeper.signOut()).rejects.toThrow()
    expect(keeper.snapshot()).toEqual({ status: 'signed-out', ended: false })
  })
})
