// Pure rules of the board: how events change it, and whom a filter shows.
import type { Board, BoardEntry, Change } from '../api/shapes'
import type { StreamEvent } from './event-stream'

export type Status = BoardEntry['status']

/** A board as the stream's events have left it, and who changed last. */
export interface Shown {
  board: Board
  changed: string | null
  /** A change told of another day: this board is yesterday's. */
  over: boolean
}

/** Applies one event of the stream; what cannot be read changes nothing. */
export function apply(shown: Shown | null, event: StreamEvent): Shown | null {
  let data: unknown
  try {
    data = JSON.parse(event.data)
  } catch {
    return shown
  }
  if (event.event === 'board') return { board: data as Board, changed: null, over: false }
  if (event.event !== 'entry' || !shown) return shown
  const { date, entry, counts } = data as Change
  if (date !== shown.board.date) return { ...shown, over: true }
  const rest = shown.board.entries
  const known = rest.some((one) => one.username === entry.username)
  const entries = known ? rest.map((one) => (one.username === entry.username ? entry : one)) : [...rest, entry]
  return { ...shown, board: { ...shown.board, entries, counts }, changed: entry.username }
}

const order: Record<Status, number> = { in: 0, out: 1, absent: 2, off: 3 }

/** Those whom a search and a status leave, whoever came last at the top. */
export function pick(entries: BoardEntry[], search: string, status: Status | 'all'): BoardEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return entries
    .filter((entry) => status === 'all' || entry.status === status)
    .filter((entry) => {
      const text = `${entry.name} ${entry.username} ${entry.department}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .sort(
      (a, b) =>
        order[a.status] - order[b.status] ||
        Date.parse(b.last_at ?? '') - Date.parse(a.last_at ?? '') ||
        a.name.localeCompare(b.name),
    )
}

/**
 * Worked time until now: the server's sum ends with its answer, and for
 * somebody who is in, time goes on.
 */
export function workedNow(entry: BoardEntry, generatedAt: string, now: number): number {
  if (entry.status !== 'in') return entry.worked_seconds
  // A change that came later counts from its own moment.
  const from = Math.max(Date.parse(generatedAt), Date.parse(entry.last_at ?? generatedAt))
  return entry.worked_seconds + Math.max(0, Math.floor((now - from) / 1000))
}
