import { solve, type Work } from './work'

self.onmessage = ({ data }: MessageEvent<Work>) => self.postMessage(solve(data))
