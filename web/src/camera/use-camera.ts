import { useEffect, useRef, useState, type RefObject } from 'react'

export type CameraState = 'starting' | 'ready' | 'denied' | 'missing'

const RETRY_MS = 3_000

/** Shows the front camera in a video element for as long as it is mounted. */
export function useCamera(): { video: RefObject<HTMLVideoElement | null>; state: CameraState } {
  const video = useRef<HTMLVideoElement>(null)
  const [state, setState] = useState<CameraState>('starting')

  useEffect(() => {
    let stopped = false
    let stream: MediaStream | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    const element = video.current

    const again = (why: CameraState) => {
      if (stopped) return
      setState(why)
      clearTimeout(timer)
      timer = setTimeout(() => void start(), RETRY_MS)
    }

    const start = async () => {
      clearTimeout(timer)
      release(stream)
      stream = null
      try {
        stream = await open()
        // Unplugged, or taken over by another program: wait for it to come back.
        for (const track of stream.getTracks()) track.onended = () => again('missing')
        if (stopped || !element) {
          release(stream)
          return
        }
        element.srcObject = stream
        await element.play()
        setState('ready')
      } catch (error) {
        again(error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'missing')
      }
    }

    void start()
    return () => {
      stopped = true
      clearTimeout(timer)
      release(stream)
      if (element) element.srcObject = null
    }
  }, [])

  return { video, state }
}

async function open(): Promise<MediaStream> {
  // Browsers hide the camera from pages that did not come over https.
  const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices
  if (!devices) throw new DOMException('', 'NotFoundError')
  return devices.getUserMedia({
    audio: false,
    video: { facingMode: 'user', width: { ideal: 1280 }, height: { ideal: 720 } },
  })
}

function release(stream: MediaStream | null) {
  for (const track of stream?.getTracks() ?? []) {
    track.onended = null
    track.stop()
  }
}
