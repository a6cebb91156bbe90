// Which frames are worth sending: those in which somebody stands, whole and still.
// What the detector in this browser finds is judged here, with no clock of its own.
import type { Box } from '../api/shapes'

/** Finds faces in a video's present frame, in shares of its sides. */
export type Detector = (video: HTMLVideoElement, now: number) => Box[]

/** none: nobody is there. moving: somebody comes, and a better frame follows. */
export type Sight = 'none' | 'moving' | 'good'

/** A face moved by more than this share of its width a second is blurred. */
const FAST = 1.5
/** Whoever never stands still is asked about after so long, all the same. */
const PATIENCE_MS = 700
/** A face that a frame's edge cuts off by more than this share. */
const CUT = 0.15
/** Without a face for so long, it is another one that comes. */
const GAP_MS = 600

export class Watcher {
  private last: { box: Box; at: number } | null = null
  private since = 0

  see(boxes: Box[], now: number): Sight {
    const box = boxes.reduce<Box | null>((widest, one) => (widest && widest.width >= one.width ? widest : one), null)
    if (!box) {
      if (this.last && now - this.last.at > GAP_MS) this.last = null
      return 'none'
    }
    const before = this.last && now - this.last.at <= GAP_MS ? this.last : null
    this.last = { box, at: now }
    if (!before) this.since = now
    if (now - this.since >= PATIENCE_MS) return 'good'
    return before && !cut(box) && speed(before.box, box, now - before.at) <= FAST ? 'good' : 'moving'
  }
}

function cut({ left, top, width, height }: Box): boolean {
  const inside = (from: number, size: number) => (Math.min(from + size, 1) - Math.max(from, 0)) / size
  return inside(left, width) < 1 - CUT || inside(top, height) < 1 - CUT
}

/** In widths of the face a second. */
function speed(one: Box, other: Box, ms: number): number {
  const middle = ({ left, top, width, height }: Box) => [left + width / 2, top + height / 2] as const
  const [[x1, y1], [x2, y2]] = [middle(one), middle(other)]
  return (Math.hypot(x2 - x1, y2 - y1) / Math.max(one.width, 0.01) / Math.max(ms, 1)) * 1_000
}
