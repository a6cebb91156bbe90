import { expect, it } from 'vitest'

import { fit } from './frame'

it.each([
  [1280, 720, { width: 640, height: 360 }],
  [720, 1280, { width: 640, height: 1138 }],
  [641, 481, { width: 640, height: 480 }],
  [320, 240, { width: 320, height: 240 }],
])('fit(%i, %i)', (width, height, size) => expect(fit(width, height, 640)).toEqual(size))
