import { describe, expect, it } from 'vitest'

import { advise, type Examination, type Step } from './guide'

type Face = NonNullable<Examination['face']>

const face: Face = {
  pixels: 300,
  left: 0.3,
  top: 0.2,
  width: 0.3,
  height: 0.5,
  measured: true,
  yaw: 0,
  pitch: 0,
  roll: 0,
  sharpness: 120,
  brightness: 0.5,
  eyes_open: 0.99,
}

const of = (change: Partial<Face> | null, step: Step = 'straight', ...reasons: string[]) =>
  advise(
    {
      good: reasons.length === 0,
      findings: reasons.map((reason) => ({ code: 'x', reason, detail: 'x' })),
      face: change ? { ...face, ...change } : undefined,
    },
    step,
  )

describe('advice', () => {
  it.each([
    [of(null, 'straight', 'NO_FACE'), 'none'],
    [of(null), 'none'],
    [of({}, 'straight', 'EXCEEDS_MAX_FACES'), 'several'],
    [of({}, 'straight', 'SMALL_BOUNDING_BOX'), 'closer'],
    [of({ height: 0.1 }), 'closer'],
    [of({ height: 0.95 }), 'back'],
    [of({}, 'straight', 'LOW_BRIGHTNESS', 'LOW_SHARPNESS'), 'dark'],
    [of({}, 'straight', 'HIGH_BRIGHTNESS'), 'bright'],
    [of({ yaw: 20 }), 'turnRight'],
    [of({ yaw: -20 }), 'turnLeft'],
    [of({ yaw: 60 }, 'straight', 'EXTREME_POSE'), 'turnRight'],
    [of({ yaw: 0 }, 'left'), 'turnLeft'],
    [of({ yaw: 20 }, 'left'), 'good'],
    [of({ yaw: 40 }, 'left', 'EXTREME_POSE'), 'lessLeft'],
    [of({ yaw: 0 }, 'right'), 'turnRight'],
    [of({ yaw: -20 }, 'right'), 'good'],
    [of({ yaw: -40 }, 'right'), 'lessRight'],
    [of({ pitch: 33 }), 'chinUp'],
    [of({ pitch: -33 }), 'chinDown'],
    [of({ roll: 60 }, 'straight', 'EXTREME_POSE'), 'upright'],
    [of({}, 'straight', 'LOW_SHARPNESS'), 'still'],
    [of({}, 'straight', 'EYES_CLOSED'), 'eyes'],
    [of({}, 'straight', 'NOT_LIVE'), 'notLive'],
    [of({}, 'straight', 'ENROLLED_ALREADY'), null],
    [of({}), 'good'],
    [of({ measured: false, yaw: 80 }), 'good'],
  ])('%s is %s', (got, want) => expect(got).toBe(want))
})
