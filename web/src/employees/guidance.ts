import { useEffect, useRef, useState, type RefObject } from 'react'

import { postPicture } from '../api/client'
import { asProblem } from '../api/problem'
import { takeFrame } from '../camera/frame'
import { problemText } from '../locale/problem-text'
import { advise, type Advice, type Examination, type Step } from './guide'

const EVERY_MS = 1_000

interface Guidance {
  advice?: Advice | null
  /** What no advice has words for. */
  words?: string
}

/** Asks about once a second what is to be bettered, while there is a step, and
 * hands over the picture that was found good. */
export function useGuidance(
  video: RefObject<HTMLVideoElement | null>,
  path: string,
  step: Step | null,
  onGood: (picture: Blob) => void,
): Guidance {
  const [told, setTold] = useState<Guidance>({})
  const good = useRef(onGood)
  useEffect(() => {
    good.current = onGood
  })
  useEffect(() => {
    if (!step) return
    const ended = new AbortController()
    const canvas = document.createElement('canvas')
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      try {
        if (video.current && !document.hidden) {
          const picture = await takeFrame(video.current, canvas, 1280, 0.92)
          const found = await postPicture<Examination>(`${path}/examine`, picture, { signal: ended.signal })
          if (ended.signal.aborted) return
          const advice = advise(found, step)
          setTold({ advice, words: advice === null ? found.findings.map(({ detail }) => detail).join('. ') : undefined })
          if (advice === 'good') {
            good.current(picture)
            return // the next step begins anew
          }
        }
      } catch (error) {
        if (ended.signal.aborted) return
        setTold({ words: problemText(asProblem(error)) })
      }
      timer = setTimeout(() => void look(), EVERY_MS)
    }
    timer = setTimeout(() => void look(), EVERY_MS / 2)
    return () => {
      ended.abort()
      clearTimeout(timer)
    }
  }, [path, step, video])
  return told
}
