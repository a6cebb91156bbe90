import { describe, expect, it } from 'vitest'

import type { Board, BoardEntry } from '../api/shapes'
import { apply, pick, workedNow } from './board'

function entry(username: string, more: Partial<BoardEntry> = {}): BoardEntry {
  return {
    username,
    name: username,
    department: '',
    status: 'absent',
    worked_seconds: 0,
    punches: 0,
    date: '2026-11-23',
    day_status: 'expected',
    late_seconds: 0,
    flags: [],
    ...more,
  }
}

const board: Board = {
  date: '2026-11-23',
  time_zone: 'Asia/Kathmandu',
  generated_at: '2026-11-23T03:30:00Z',
  counts: { total: 2, in: 0, out: 0, absent: 2, off: 0, late: 0, missing_exits: 0 },
  entries: [entry('asha'), entry('bina')],
}

const event = (name: string, data: unknown) => ({ event: name, data: JSON.stringify(data), id: '' })
const whole = apply(null, event('board', board))
const asha = entry('asha', { status: 'in', last_at: '2026-11-23T03:31:00Z', punches: 1 })

describe('apply', () => {
  it('shows a whole board', () => expect(whole).toEqual({ board, changed: null, over: false }))

  it('changes one entry and the counts with it', () => {
    const counts = { ...board.counts, in: 1, absent: 1 }
    const shown = apply(whole, event('entry', { date: board.date, entry: asha, counts }))
    expect(shown?.changed).toBe('asha')
    expect(shown?.board.entries).toEqual([asha, entry('bina')])
    expect(shown?.board.counts).toEqual(counts)
    expect(board.counts.in).toBe(0)
  })

  it('adds somebody new', () => {
    const shown = apply(whole, event('entry', { date: board.date, entry: entry('chandra'), counts: board.counts }))
    expect(shown?.board.entries).toHaveLength(3)
  })

  it('does not mix days, and knows that its own is over', () => {
    const shown = apply(whole, event('entry', { date: '2026-11-24', entry: asha, counts: board.counts }))
    expect(shown).toEqual({ board, changed: null, over: true })
    expect(apply(shown, event('board', board))?.over).toBe(false)
  })

  it('ignores what it cannot use', () => {
    expect(apply(null, event('entry', { date: board.date, entry: asha }))).toBeNull()
    expect(apply(whole, event('ping', { at: '' }))).toBe(whole)
    expect(apply(whole, { event: 'entry', data: '{', id: '' })).toBe(whole)
  })
})

describe('pick', () => {
  const people = [
    entry('zoe', { name: 'Zoe', department: 'Sales' }),
    entry('asha', { name: 'Asha Karki', department: 'Kitchen', status: 'in', last_at: '2026-11-23T03:00:00Z' }),
    entry('hari', { name: 'Hari', status: 'in', last_at: '2026-11-23T04:00:00Z' }),
    entry('bina', { name: 'Bina', status: 'out', last_at: '2026-11-23T09:00:00Z' }),
    entry('amir', { name: 'Amir' }),
  ]
  const names = (search: string, status: Parameters<typeof pick>[2] = 'all') =>
    pick(people, search, status).map((one) => one.username)

  it('puts those who are in first, the latest on top, and the unseen by name', () =>
    expect(names('')).toEqual(['hari', 'asha', 'bina', 'amir', 'zoe']))
  it('finds by name and department', () => {
    expect(names('karki asha')).toEqual(['asha'])
    expect(names(' SALES ')).toEqual(['zoe'])
    expect(names('nobody')).toEqual([])
  })
  it('keeps a status', () => expect(names('', 'absent')).toEqual(['amir', 'zoe']))
})

describe('workedNow', () => {
  const now = Date.parse('2026-11-23T04:00:00Z')
  it('goes on for somebody who is in', () =>
    expect(
      workedNow({ ...asha, last_at: '2026-11-23T03:00:00Z', worked_seconds: 600 }, board.generated_at, now),
    ).toBe(600 + 1800))
  it('begins at a change that came after the board', () =>
    expect(workedNow(asha, board.generated_at, now)).toBe(29 * 60))
  it('stands still for others, and never runs backwards', () => {
    expect(workedNow(entry('x', { status: 'out', worked_seconds: 7 }), board.generated_at, now)).toBe(7)
    expect(workedNow({ ...asha, worked_seconds: 7 }, board.generated_at, 0)).toBe(7)
  })
})
