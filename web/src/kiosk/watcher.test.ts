import { expect, test } from 'vitest'

import type { Box } from '../api/shapes'
import { Watcher } from './watcher'

const face = (left: number, width = 0.2): Box => ({ left, top: 0.3, width, height: width, score: 0.9 })

test.each<[string, [number, Box[]][], string[]]>([
  ['nobody', [[0, []], [150, []]], ['none', 'none']],
  ['somebody who stands there', [[0, [face(0.4)]], [150, [face(0.41)]]], ['moving', 'good']],
  ['somebody who walks by', [[0, [face(0.1)]], [150, [face(0.3)]], [300, [face(0.5)]], [450, []]], ['moving', 'moving', 'moving', 'none']],
  ['somebody who walks to and fro', [[0, [face(0.1)]], [350, [face(0.6)]], [700, [face(0.1)]]], ['moving', 'moving', 'good']],
  ['somebody who looks in from the side', [[0, [face(-0.1)]], [150, [face(-0.1)]]], ['moving', 'moving']],
  ['a frame in which the face is missed', [[0, [face(0.4)]], [150, []], [300, [face(0.4)]]], ['moving', 'none', 'good']],
  ['another who comes later', [[0, [face(0.4)]], [900, []], [1_000, [face(0.4)]]], ['moving', 'none', 'moving']],
  ['somebody behind another', [[0, [face(0.1, 0.05), face(0.4)]], [150, [face(0.7, 0.05), face(0.4)]]], ['moving', 'good']],
])('%s', (_, frames, sights) => {
  const watcher = new Watcher()
  expect(frames.map(([at, boxes]) => watcher.see(boxes, at))).toEqual(sights)
})
