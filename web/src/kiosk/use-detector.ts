// Finds faces here, with MediaPipe, so that only frames worth it are sent. It is
// fetched after the kiosk has begun; without it, every frame is sent.
import { useEffect, useRef, type RefObject } from 'react'
import { loader, model, wasm } from 'virtual:face-finder'

import type { Detector } from './watcher'

/** Less sure faces than this are none; the server, which asks for more, judges the others. */
const SURE = 0.4

export function useDetector(wanted: boolean): RefObject<Detector | null> {
  const detector = useRef<Detector | null>(null)
  useEffect(() => {
    if (!wanted) return
    let left = false
    let end = () => undefined as unknown
    void load().then(
      ([found, close]) => {
        if (left) close()
        else [detector.current, end] = [found, close]
      },
      () => undefined, // no WebGL or no WebAssembly: the server finds the faces
    )
    return () => {
      left = true
      detector.current = null
      end()
    }
  }, [wanted])
  return detector
}

async function load(): Promise<[Detector, () => void]> {
  const { FaceDetector } = await import('@mediapipe/tasks-vision')
  const finder = await FaceDetector.createFromOptions(
    { wasmLoaderPath: loader, wasmBinaryPath: wasm },
    { baseOptions: { modelAssetPath: model, delegate: 'CPU' }, runningMode: 'VIDEO', minDetectionConfidence: SURE },
  )
  let last = 0
  const detect: Detector = (video, now) => {
    const { videoWidth: wide, videoHeight: high } = video
    if (wide === 0) return []
    last = Math.max(last + 1, now) // it takes no frame of the past
    return finder.detectForVideo(video, last).detections.flatMap(({ boundingBox, categories }) =>
      boundingBox
        ? [{ left: boundingBox.originX / wide, top: boundingBox.originY / high, width: boundingBox.width / wide, height: boundingBox.height / high, score: categories[0]?.score ?? 0 }]
        : [],
    )
  }
  return [detect, () => finder.close()]
}
