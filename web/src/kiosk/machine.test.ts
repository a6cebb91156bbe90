import { describe, expect, it } from 'vitest'

import type { Punched, Seen } from '../api/shapes'
import { ask, FORGET_MS, GAP_MS, GREETING_MS, initial, interval, LATER_MS, lingering, NOTICE_MS, reduce, type State } from './machine'

function seen(username: string, more: Partial<Seen> = {}): Seen {
  return {
    username,
    name: username.charAt(0).toUpperCase() + username.slice(1),
    date: '2026-11-23',
    at: '2026-11-23T09:02:00+05:45',
    direction: 'entry',
    repeated: false,
    recorded: true,
    score: 0.7,
    margin: 0.3,
    threshold: 0.4,
    model: 'm',
    placed: false,
    group: false,
    ...more,
  }
}

function punched(people: Seen[], more: Partial<Punched> = {}): Punched {
  const [first] = people
  if (!first) throw new Error('nobody')
  return { ...first, faces: [{ left: 0.1, top: 0.1, width: 0.2, height: 0.3, score: 0.9 }], people, offers: [], ...more }
}

/** A kiosk before which things happen at given milliseconds. */
class Story {
  state: State = reduce(initial, { type: 'camera', camera: 'ready' })
  recorded: string[] = []

  /** A frame shows somebody the server knows; asked as the machine wants. */
  sees(usernames: string, now: number, more: Partial<Seen> = {}, offers: Punched['offers'] = []) {
    const asked = ask(this.state, now)
    if (!asked) throw new Error('asks nothing')
    const still = lingering(this.state, now)
    const people = usernames.split(' ').map((username) => {
      const recorded = asked === 'record' && !still.includes(username)
      if (recorded) this.recorded.push(username)
      return seen(username, { recorded, ...more })
    })
    this.state = reduce(this.state, { type: 'answered', asked, punched: punched(people, { offers }), now })
    return this
  }

  refuses(code: string, now: number, status = 422, detail = '') {
    this.state = reduce(this.state, { type: 'refused', code, detail, status, now })
    return this
  }

  tick(now: number) {
    this.state = reduce(this.state, { type: 'ticked', now })
    return this
  }
}

describe('before anything', () => {
  it('asks nothing until the camera is ready', () => {
    expect(ask(initial, 0)).toBeNull()
    const denied = reduce(initial, { type: 'camera', camera: 'denied' })
    expect(ask(denied, 0)).toBeNull()
    const ready = reduce(denied, { type: 'camera', camera: 'ready' })
    expect(ask(ready, 0)).toBe('record')
    expect(ready.notice).toBe('look')
  })
})

describe('a greeting', () => {
  it('names who was recorded, with time and direction', () => {
    const { state } = new Story().sees('asha', 1000, { direction: 'exit' })
    expect(state.greeting).toEqual({
      username: 'asha',
      name: 'Asha',
      direction: 'exit',
      at: '2026-11-23T09:02:00+05:45',
      repeated: false,
      until: 1000 + GREETING_MS,
      others: [],
    })
    expect(state.boxes).toHaveLength(1)
  })

  it('lasts for its time and no longer', () => {
    const story = new Story().sees('asha', 1000)
    expect(story.tick(1000 + GREETING_MS - 1).state.greeting).not.toBeNull()
    expect(story.tick(1000 + GREETING_MS).state.greeting).toBeNull()
  })

  it('stays while later frames are refused, unreachable or empty', () => {
    const story = new Story().sees('asha', 0)
    story.refuses('face_small', 500).refuses('offline', 1000, 0).refuses('face_none', 1500)
    expect(story.state.greeting?.name).toBe('Asha')
  })

  it('says when the punch was there already', () => {
    expect(new Story().sees('asha', 0, { repeated: true }).state.greeting?.repeated).toBe(true)
  })

  it('is not given for a look', () => {
    const story = new Story().sees('asha', 0).tick(GREETING_MS).sees('asha', GREETING_MS + 1)
    expect(story.state.greeting).toBeNull()
    expect(story.state.notice).toBe('recorded')
  })
})

describe('somebody who lingers', () => {
  it('is recorded once, however long they stay', () => {
    const story = new Story()
    for (let now = 0; now < 10 * 60_000; now += 500) story.sees('asha', now)
    expect(story.recorded).toEqual(['asha'])
  })

  it('is recorded once although single frames miss them', () => {
    const story = new Story()
    for (let now = 0; now < 60_000; now += 500)
      if (now % 1500 === 1000) story.refuses('face_none', now)
      else story.sees('asha', now)
    expect(story.recorded).toEqual(['asha'])
  })

  it('is recorded once although they turn their head for a while', () => {
    const story = new Story().sees('asha', 0)
    for (let now = 500; now < 8000; now += 500) story.refuses('face_unknown', now)
    story.sees('asha', 8000)
    expect(story.recorded).toEqual(['asha'])
  })

  it('is recorded once although one frame takes them for somebody else', () => {
    const story = new Story().sees('asha', 0).sees('bina', 500).sees('asha', 1000).sees('bina', 1500)
    story.sees('asha', 2000)
    expect(story.recorded).toEqual(['asha'])
  })

  it('is not forgotten by a network that fails for a moment', () => {
    const story = new Story().sees('asha', 0)
    story.refuses('offline', 1000, 0).refuses('offline', 3000, 0).refuses('offline', 5000, 0)
    expect(ask(story.state, 7000)).toBe('look')
  })
})

describe('leaving and coming back', () => {
  it('is a new record after the gap', () => {
    const story = new Story().sees('asha', 0)
    story.refuses('face_none', 500).refuses('face_none', 500 + GAP_MS)
    expect(ask(story.state, 2500)).toBe('record')
    story.sees('asha', 2500, { direction: 'exit' })
    expect(story.recorded).toEqual(['asha', 'asha'])
    expect(story.state.greeting?.direction).toBe('exit')
  })

  it('is not one before the gap has passed', () => {
    const story = new Story().sees('asha', 0)
    story.refuses('face_none', 500).refuses('face_none', 500 + GAP_MS - 1)
    expect(ask(story.state, 2100)).toBe('look')
  })

  it('counts the gap from the first empty frame, not from the last sighting', () => {
    const story = new Story().sees('asha', 0).refuses('face_none', 9000)
    expect(ask(story.state, 9001)).toBe('look')
  })

  it('starts the gap anew when they show up in between', () => {
    const story = new Story().sees('asha', 0)
    story.refuses('face_none', 500).sees('asha', 1500).refuses('face_none', 2000)
    story.refuses('face_none', 2000 + GAP_MS - 1)
    expect(story.recorded).toEqual(['asha'])
    expect(ask(story.state, 4000)).toBe('look')
  })

  it('starts the gap anew when an unclear face shows up in between', () => {
    const story = new Story().sees('asha', 0).refuses('face_none', 500).refuses('face_unknown', 1500)
    story.refuses('face_none', 2500)
    expect(ask(story.state, 3000)).toBe('look')
    expect(ask(story.refuses('face_none', 2500 + GAP_MS).state, 4100)).toBe('record')
  })

  it('works although a face in the background is never gone', () => {
    const story = new Story().sees('asha', 0)
    for (let now = 500; now <= FORGET_MS + 500; now += 500) story.refuses('face_small', now)
    story.sees('asha', FORGET_MS + 1000)
    expect(story.recorded).toEqual(['asha', 'asha'])
  })

  it('works after a long time without any answer', () => {
    const story = new Story().sees('asha', 0).refuses('offline', 1000, 0)
    expect(ask(story.state, FORGET_MS)).toBe('look')
    expect(ask(story.state, FORGET_MS + 1)).toBe('record')
  })
})

describe('the next person', () => {
  it('is recorded after two frames that agree', () => {
    const story = new Story().sees('asha', 0).sees('bina', 500)
    expect(ask(story.state, 900)).toBe('look')
    story.sees('bina', 1000)
    expect(ask(story.state, 1400)).toBe('record')
    story.sees('bina', 1500)
    expect(story.recorded).toEqual(['asha', 'bina'])
    expect(story.state.greeting?.name).toBe('Bina')
  })

  it('is not believed when the two frames disagree or something lies between', () => {
    const disagree = new Story().sees('asha', 0).sees('bina', 500).sees('chandra', 1000)
    expect(ask(disagree.state, 1500)).toBe('look')
    const between = new Story().sees('asha', 0).sees('bina', 500).refuses('face_unknown', 1000)
    expect(ask(between.sees('bina', 1500).state, 2000)).toBe('look')
    const gone = new Story().sees('asha', 0).sees('bina', 500).refuses('face_none', 1000)
    expect(ask(gone.sees('bina', 1500).state, 2000)).toBe('look')
  })
})

describe('a group', () => {
  it('is greeted one and all', () => {
    const { state } = new Story().sees('asha bina chet', 0)
    expect(state.greeting?.name).toBe('Asha')
    expect(state.greeting?.others.map((one) => one.name)).toEqual(['Bina', 'Chet'])
    expect(ask(state, 500)).toBe('look')
  })

  it('is recorded once, however long it stays, whoever turns away for a while', () => {
    const story = new Story()
    for (let now = 0; now < 60_000; now += 500) story.sees(now % 3000 === 1000 ? 'asha' : 'asha bina', now)
    expect(story.recorded).toEqual(['asha', 'bina'])
  })

  it('records who comes to it, and not those who were there', () => {
    const story = new Story().sees('asha bina', 0).sees('asha bina chet', 500).sees('asha bina chet', 1000)
    expect(ask(story.state, 1500)).toBe('record')
    expect(lingering(story.state, 1500)).toEqual(['asha', 'bina'])
    story.sees('asha bina chet', 1500)
    expect(story.recorded).toEqual(['asha', 'bina', 'chet'])
    expect(story.state.greeting).toMatchObject({ name: 'Chet', others: [] })
  })

  it('is asked for the PIN of one, while the others are greeted', () => {
    const offer = { ticket: 't1', expires_at: '', left: 0.5 }
    const { state } = new Story().sees('asha', 0, {}, [offer])
    expect(state.greeting?.name).toBe('Asha')
    expect(state.pad).toMatchObject({ ticket: 't1' })
  })
})

describe('refusals', () => {
  it.each(['face_several', 'face_small', 'face_unknown', 'face_ambiguous', 'picture_invalid'] as const)(
    'says %s',
    (code) => {
      const { state } = new Story().refuses(code, 0)
      expect(state.notice).toBe(code)
      expect(ask(state, 500)).toBe('record')
      expect(interval(state)).toBe(500)
    },
  )

  it("shows the server's words for a refusal it does not know", () => {
    const { state } = new Story().refuses('face_masked', 0, 422, 'Please take off your mask.')
    expect(state).toMatchObject({ notice: 'other', detail: 'Please take off your mask.' })
  })

  it('asks to look at the camera when there is no face', () => {
    expect(new Story().refuses('face_none', 0).state.notice).toBe('look')
  })

  it('leaves a refusal readable before it goes back to that', () => {
    const story = new Story().refuses('face_unknown', 0).refuses('face_none', NOTICE_MS - 1)
    expect(story.state.notice).toBe('face_unknown')
    expect(story.refuses('face_none', NOTICE_MS).state.notice).toBe('look')
  })

  it('takes the box away when nobody is recognised', () => {
    expect(new Story().sees('asha', 0).refuses('face_none', 500).state.boxes).toEqual([])
  })
})

describe('trouble', () => {
  it.each([
    ['offline', 0, 'offline'],
    ['internal', 500, 'server'],
    ['unavailable', 503, 'server'],
    ['rate_limited', 429, 'wait'],
  ] as const)('%s is said, and asked more slowly until it is over', (code, status, notice) => {
    const story = new Story().refuses(code, 0, status)
    expect(story.state.notice).toBe(notice)
    expect(interval(story.state)).toBe(2000)
    expect(ask(story.state, 2000)).toBe('record')
    story.refuses('face_none', 2000)
    expect(story.state.notice).toBe('look')
    expect(interval(story.state)).toBe(500)
  })

  it.each([
    ['unavailable', 503, 5, 5_000],
    ['rate_limited', 429, 3, 3_000],
    ['unavailable', 503, 3_600, LATER_MS],
  ] as const)('%s is asked again when the server says', (code, status, retryAfter, rest) => {
    const state = reduce(new Story().sees('asha', 0).state, { type: 'refused', code, detail: '', status, retryAfter, now: 500 })
    expect(state.notice).toBe('wait')
    expect(ask(state, 500 + rest - 1)).toBeNull()
    expect(ask(state, 500 + rest)).not.toBeNull()
  })

  it('is over when a face is answered', () => {
    expect(new Story().refuses('offline', 0, 0).sees('asha', 2000).state.trouble).toBe(false)
  })

  it.each([
    ['unauthorized', 401, 'revoked'],
    ['forbidden', 403, 'forbidden'],
  ] as const)('%s ends it', (code, status, ended) => {
    const { state } = new Story().sees('asha', 0).refuses(code, 500, status)
    expect(state).toMatchObject({ ended, greeting: null, boxes: [] })
    expect(ask(state, 1000)).toBeNull()
  })
})
