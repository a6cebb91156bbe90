// What to tell somebody who stands before the camera to be enrolled.
import type { components } from '../api/schema'

export type Examination = components['schemas']['Examination']

/** The pictures that are wanted, in their order. */
export const steps = ['straight', 'left', 'right'] as const
export type Step = (typeof steps)[number]

export type Advice =
  | 'none'
  | 'several'
  | 'closer'
  | 'back'
  | 'dark'
  | 'bright'
  | 'upright'
  | 'chinUp'
  | 'chinDown'
  | 'straight'
  | 'turnLeft'
  | 'turnRight'
  | 'lessLeft'
  | 'lessRight'
  | 'still'
  | 'eyes'
  | 'notLive'
  | 'good'

// Degrees to the person's own left. Between the steps lies no gap: whoever
// turns slowly comes from one into the next. The server refuses from 35 on.
const yaws: Record<Step, [least: number, most: number]> = { straight: [-12, 12], left: [12, 32], right: [-32, -12] }
const CHIN = 30 // degrees up or down
const SMALL = 0.22 // of the picture's height
const LARGE = 0.9

const advice: Record<string, Advice> = {
  NO_FACE: 'none',
  EXCEEDS_MAX_FACES: 'several',
  SMALL_BOUNDING_BOX: 'closer',
  LOW_BRIGHTNESS: 'dark',
  HIGH_BRIGHTNESS: 'bright',
  LOW_SHARPNESS: 'still',
  EYES_CLOSED: 'eyes',
  NOT_LIVE: 'notLive',
}

/** The one thing to do next for the picture of this step; `good` when there is
 * nothing, null when only the finding's own words say it. */
export function advise({ findings, face }: Examination, step: Step): Advice | null {
  const first = findings[0]?.reason
  if (!face) return advice[first ?? ''] ?? 'none'
  if (first === 'ENROLLED_ALREADY') return null
  if (first === 'EXCEEDS_MAX_FACES') return 'several'
  if (first === 'SMALL_BOUNDING_BOX') return 'closer'
  if (face.height < SMALL) return 'closer'
  if (face.height > LARGE) return 'back'
  if (first === 'LOW_BRIGHTNESS') return 'dark'
  if (first === 'HIGH_BRIGHTNESS') return 'bright'
  if (face.measured) {
    const turn = turned(face.yaw, step)
    if (turn) return turn
    if (Math.abs(face.pitch) > CHIN) return face.pitch > 0 ? 'chinUp' : 'chinDown'
  }
  if (first === 'EXTREME_POSE') return 'upright' // what is left of it
  return first ? (advice[first] ?? null) : 'good'
}

function turned(yaw: number, step: Step): Advice | null {
  const [least, most] = yaws[step]
  if (yaw >= least && yaw <= most) return null
  if (step === 'left' && yaw > most) return 'lessLeft'
  if (step === 'right' && yaw < least) return 'lessRight'
  return yaw < least ? 'turnLeft' : 'turnRight'
}
