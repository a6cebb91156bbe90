// Proofs that work was done for a question (see work.ts). It is done in a
// worker, so that the page stays quick, and while somebody types.
import { api, ok } from '../api/client'
import type { Work } from './work'

export interface Proof {
  challenge: string
  solution: string
}

// A proof is made anew when it has less than this left.
const SPARE_MS = 60_000

/** Makes proofs for one company's page, ahead of time. */
export class Prover {
  private readonly slug: string
  private making: Promise<Proof> | null = null
  private until = 0

  constructor(slug: string) {
    this.slug = slug
  }

  /** Begins to work; to be called when somebody begins to type. */
  begin() {
    if (this.making && performance.now() < this.until) return
    this.until = Infinity
    const making = this.make()
    this.making = making
    making.catch(() => {
      if (this.making === making) this.making = null
    })
  }

  /** A proof that is still good. */
  get(): Promise<Proof> {
    this.begin()
    return this.making ?? this.make()
  }

  /** A proof is good once. */
  drop() {
    this.making = null
  }

  private async make(): Promise<Proof> {
    const asked = performance.now()
    const { challenge, bits, seconds } = await ok(
      api.POST('/api/v1/ask/{slug}/challenges', { params: { path: { slug: this.slug } } }),
    )
    const solution = await inWorker({ challenge, bits })
    this.until = asked + seconds * 1000 - SPARE_MS
    return { challenge, solution }
  }
}

function inWorker(work: Work): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./proof-worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<string>) => {
      resolve(data)
      worker.terminate()
    }
    worker.onerror = () => {
      reject(new Error('the proof could not be made'))
      worker.terminate()
    }
    worker.postMessage(work)
  })
}
