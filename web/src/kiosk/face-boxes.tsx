import type { RefObject } from 'react'

import type { Box } from '../api/shapes'
import classes from './kiosk-screen.module.css'

/**
 * Boxes over the preview. An SVG whose view box is the video's own size, told
 * to "slice", is cropped exactly as the video is by object-fit: cover.
 */
export function FaceBoxes({ boxes, video }: { boxes: Box[]; video: RefObject<HTMLVideoElement | null> }) {
  const width = video.current?.videoWidth ?? 0
  const height = video.current?.videoHeight ?? 0
  if (boxes.length === 0 || width === 0) return null
  return (
    <svg className={classes.boxes} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid slice" aria-hidden>
      {boxes.map((box, index) => (
        <rect
          key={index}
          x={box.left * width}
          y={box.top * height}
          width={box.width * width}
          height={box.height * height}
          rx={Math.min(width, height) * 0.03}
        />
      ))}
    </svg>
  )
}
