// A short sound with each answer, for whoever does not look at the screen: it rises
// for an entry, falls for an exit, and is one low tone when somebody has to act.
import { useEffect, useRef, useState } from 'react'

import type { State } from './machine'

export interface Sound {
  on: boolean
  toggle: () => void
}

type Tune = 'entry' | 'exit' | 'kept' | 'act'

/** Tones in hertz, one after the other. */
const tunes: Record<Tune, number[]> = { entry: [660, 880], exit: [880, 660], kept: [660, 660], act: [330] }
const TONE_S = 0.14
const VOLUME = 0.2
const KEY = 'hajir-kiosk-sound'

/** The sound that belongs to what changed; null for none. */
export function tuneOf(before: State, after: State): Tune | null {
  if (after.greeting && after.greeting !== before.greeting) return after.greeting.direction
  if (after.keeping && after.keeping !== before.keeping) return 'kept'
  const asks = (state: State) => state.pad?.ticket || state.challenge?.ticket || state.pad?.refused?.code
  return asks(after) && asks(after) !== asks(before) ? 'act' : null
}

export function useSound(state: State): Sound {
  const [on, setOn] = useState(() => localStorage.getItem(KEY) !== 'off')
  const before = useRef(state)
  const context = useRef<AudioContext | null>(null)
  useEffect(() => {
    const tune = tuneOf(before.current, state)
    before.current = state
    if (!tune || !on) return
    try {
      context.current ??= new AudioContext()
      play(context.current, tunes[tune])
    } catch {
      // no sound here
    }
  }, [on, state])
  useEffect(() => () => void context.current?.close().catch(() => undefined), [])
  const toggle = () => {
    setOn(!on)
    localStorage.setItem(KEY, on ? 'off' : 'on')
  }
  return { on, toggle }
}

// Until somebody has touched the page, browsers keep it silent; nothing is saved up.
function play(context: AudioContext, tones: number[]) {
  if (context.state !== 'running') {
    void context.resume().catch(() => undefined)
    return
  }
  for (const [index, tone] of tones.entries()) {
    const start = context.currentTime + index * TONE_S
    const oscillator = context.createOscillator()
    const volume = context.createGain()
    oscillator.frequency.value = tone
    volume.gain.setValueAtTime(0, start)
    volume.gain.linearRampToValueAtTime(VOLUME, start + 0.02)
    volume.gain.linearRampToValueAtTime(0, start + TONE_S)
    oscillator.connect(volume).connect(context.destination)
    oscillator.start(start)
    oscillator.stop(start + TONE_S)
  }
}
