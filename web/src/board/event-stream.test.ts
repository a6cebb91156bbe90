import { describe, expect, it } from 'vitest'

import { EventParser, follow, type StreamEvent } from './event-stream'

const parse = (...pieces: string[]) => {
  const parser = new EventParser()
  return pieces.flatMap((piece) => parser.push(piece))
}

describe('EventParser', () => {
  it('reads events whole, however the text is cut', () => {
    const text = ': hello\n\nevent: board\ndata: {"a":1}\nid: 7\n\nevent: entry\ndata: x\n\n'
    const whole = parse(text)
    expect(whole).toEqual([
      { event: 'board', data: '{"a":1}', id: '7' },
      { event: 'entry', data: 'x', id: '7' },
    ])
    for (let cut = 1; cut < text.length; cut++)
      expect(parse(text.slice(0, cut), text.slice(cut))).toEqual(whole)
    expect(parse(...text.split(''))).toEqual(whole)
  })

  it.each(['\n', '\r', '\r\n'])('takes %j as a line end, cut anywhere', (end) => {
    const text = ['data: one', 'data: two', '', 'data: three', '', ''].join(end)
    expect(parse(...text.split('')).map((e) => e.data)).toEqual(['one\ntwo', 'three'])
    expect(parse(text).map((e) => e.data)).toEqual(['one\ntwo', 'three'])
  })

  it('takes only the half of CR LF off that was cut from it', () => {
    expect(parse('data: x\r', '\n', '\n')).toHaveLength(1)
  })

  it('gives nothing for comments, for events without data and for what is unfinished', () => {
    expect(parse(': keep-alive\n\n', 'event: board\n\n', 'data: half\n')).toEqual([])
  })

  it('takes off one space only, and knows fields without a colon', () => {
    expect(parse('data:  two spaces\ndata\n\n')[0]?.data).toBe(' two spaces\n')
  })

  it('names an event message unless told otherwise, and forgets the name after it', () => {
    expect(parse('event: a\ndata: 1\n\ndata: 2\n\n').map((e) => e.event)).toEqual(['a', 'message'])
  })

  it('skips a byte order mark and notes the retry time', () => {
    const parser = new EventParser()
    expect(parser.push('\uFEFFretry: 2500\nretry: soon\ndata: x\n\n')).toHaveLength(1)
    expect(parser.retry).toBe(2500)
  })
})

function stream(...pieces: string[]): Response {
  const bytes = new TextEncoder()
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(bytes.encode(piece))
        controller.close()
      },
    }),
  )
}

describe('follow', () => {
  it('reconnects, waits longer after each failure and starts over after success', async () => {
    const abort = new AbortController()
    const waits: number[] = []
    const events: StreamEvent[] = []
    const live: boolean[] = []
    const tries = [
      () => Promise.reject(new TypeError('down')),
      () => Promise.resolve(new Response('', { status: 503 })),
      () => Promise.resolve(stream('data: a\n', '\ndata: b\n\n')),
      () => Promise.reject(new TypeError('down')),
    ]
    await follow({
      open: () => (tries.shift() as () => Promise<Response>)(),
      onEvent: (event) => events.push(event),
      onLive: (is) => live.push(is),
      signal: abort.signal,
      wait: (ms) => {
        waits.push(ms)
        if (tries.length === 0) abort.abort()
        return Promise.resolve()
      },
    })
    expect(events.map((e) => e.data)).toEqual(['a', 'b'])
    expect(waits).toEqual([1000, 2000, 1000, 2000])
    expect(live).toEqual([false, false, true, false, false])
  })

  it('keeps a letter whole that is cut between two pieces', async () => {
    const abort = new AbortController()
    const bytes = new TextEncoder().encode('data: हाजिर\n\n')
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    const events: StreamEvent[] = []
    await follow({
      open: () => Promise.resolve(new Response(body)),
      onEvent: (event) => events.push(event),
      onLive: () => {},
      signal: abort.signal,
      wait: () => {
        abort.abort()
        return Promise.resolve()
      },
    })
    expect(events[0]?.data).toBe('हाजिर')
  })

  it('gives up on a connection that has gone silent', async () => {
    const abort = new AbortController()
    let opened = 0
    await follow({
      open: (signal) => {
        opened++
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
        })
      },
      onEvent: () => {},
      onLive: () => {},
      signal: abort.signal,
      silenceMs: 5,
      wait: () => {
        if (opened === 2) abort.abort()
        return Promise.resolve()
      },
    })
    expect(opened).toBe(2)
  })

  it('stops for good when told to', async () => {
    const abort = new AbortController()
    const done = follow({
      open: (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
        }),
      onEvent: () => {},
      onLive: () => {},
      signal: abort.signal,
    })
    abort.abort()
    await done
  })
})
