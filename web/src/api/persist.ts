// What the server has no room for now is tried again when it says so.
import { asProblem } from './problem'

/** In milliseconds: however much later the server wants it, somebody waits. */
const LONGEST_MS = 30_000
const TRIES = 5

/** In how many milliseconds to come again; 0 when the server wants no other try. */
export function comeAgain(thrown: unknown): number {
  const { code, retryAfter } = asProblem(thrown)
  return code === 'unavailable' ? Math.min(retryAfter * 1000, LONGEST_MS) : 0
}

interface Waiting {
  /** Told how many milliseconds pass before the next try. */
  onWait?: (ms: number) => void
  pause?: (ms: number) => Promise<void>
}

/** Does what `once` does, again when the server was too busy; `once` must be safe to repeat. */
export async function persist<T>(once: () => Promise<T>, { onWait, pause = sleep }: Waiting = {}): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await once()
    } catch (error) {
      const wait = comeAgain(error)
      if (wait === 0 || tries === TRIES) throw error
      onWait?.(wait)
      await pause(wait)
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
