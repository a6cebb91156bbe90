// Reads server-sent events from a fetch body. EventSource cannot send an
// Authorization header, so the board reads its stream this way.

export interface StreamEvent {
  event: string
  data: string
  id: string
}

/** Takes text in pieces of any size and gives back the events that are whole. */
export class EventParser {
  private rest = ''
  private skipLineFeed = false
  private started = false
  private event = ''
  private data: string[] = []
  private id = ''
  /** What the server asked for with `retry:`, in milliseconds. */
  retry: number | null = null

  push(text: string): StreamEvent[] {
    const events: StreamEvent[] = []
    if (text && !this.started) {
      this.started = true
      if (text.startsWith('\uFEFF')) text = text.slice(1)
    }
    // A line ends with LF, CR or CR LF; a CR at a piece's end may be half of CR LF.
    if (text) {
      const half = this.skipLineFeed && text.startsWith('\n')
      this.skipLineFeed = text.endsWith('\r')
      if (half) text = text.slice(1)
    }
    const lines = (this.rest + text).split(/\r\n|\n|\r/)
    this.rest = lines.pop() ?? ''
    for (const line of lines) {
      const done = this.line(line)
      if (done) events.push(done)
    }
    return events
  }

  private line(line: string): StreamEvent | null {
    if (line === '') return this.dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) return null // a comment, sent to keep the connection open
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') this.event = value
    else if (field === 'data') this.data.push(value)
    else if (field === 'id' && !value.includes('\0')) this.id = value
    else if (field === 'retry' && /^\d+$/.test(value)) this.retry = Number(value)
    return null
  }

  private dispatch(): StreamEvent | null {
    const { event, data } = this
    this.event = ''
    this.data = []
    if (data.length === 0) return null
    return { event: event || 'message', data: data.join('\n'), id: this.id }
  }
}

interface Options {
  /** Opens a connection; called anew, and so with a fresh token, for each try. */
  open: (signal: AbortSignal) => Promise<Response>
  onEvent: (event: StreamEvent) => void
  onLive: (live: boolean) => void
  signal: AbortSignal
  /** Waits before the next try; replaced in tests. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
  /** A connection that is silent for this long is taken for dead. */
  silenceMs?: number
}

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

/** Follows an event stream until signal aborts, reconnecting with back-off. */
export async function follow(options: Options): Promise<void> {
  const { signal, onLive, wait = pause } = options
  let delay = FIRST_WAIT_MS
  const over = () => signal.aborted
  while (!over()) {
    const one = { heard: false, retry: null as number | null }
    try {
      one.retry = await readOnce(options, () => {
        if (!one.heard) onLive(true)
        one.heard = true
      })
    } catch {
      // Refused, cut off or silent: all the same here, try again.
    }
    if (over()) return
    onLive(false)
    if (one.heard) delay = one.retry ?? FIRST_WAIT_MS
    await wait(delay, signal)
    delay = Math.min(delay * 2, LONGEST_WAIT_MS)
  }
}

async function readOnce(options: Options, heard: () => void): Promise<number | null> {
  const { open, onEvent, signal, silenceMs = 75_000 } = options
  const dead = new AbortController()
  const stop = () => dead.abort()
  signal.addEventListener('abort', stop)
  let timer = setTimeout(stop, silenceMs)
  const parser = new EventParser()
  try {
    const response = await open(dead.signal)
    if (!response.ok || !response.body) throw new Error(`status ${response.status}`)
    const reader = response.body.getReader()
    const decoder = new TextDecoder()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return parser.retry
      clearTimeout(timer)
      timer = setTimeout(stop, silenceMs)
      heard()
      for (const event of parser.push(decoder.decode(value, { stream: true }))) onEvent(event)
    }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    dead.abort()
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    // Browsers that lost the same server must not all come back at once.
    const timer = setTimeout(done, ms * (0.75 + Math.random() / 2))
    signal.addEventListener('abort', done)
  })
}
