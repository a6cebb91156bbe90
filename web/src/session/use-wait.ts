import { useEffect, useState } from 'react'

/** Counts down the seconds that the server asks to wait; 0 when there are none. */
export function useWait(): [left: number, wait: (seconds: number) => void] {
  const [until, setUntil] = useState(0)
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (until === 0) return
    const tick = () => {
      const now = Math.max(0, Math.ceil((until - Date.now()) / 1000))
      setLeft(now)
      if (now === 0) setUntil(0)
    }
    const timer = setInterval(tick, 250)
    return () => clearInterval(timer)
  }, [until])
  return [
    left,
    (seconds) => {
      setLeft(seconds)
      setUntil(Date.now() + seconds * 1000)
    },
  ]
}
