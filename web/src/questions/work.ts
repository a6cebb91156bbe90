// The work that a page does before it sends a stranger's question: a number is
// sought whose hash, together with the server's challenge, begins with so many
// zero bits.
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'

export interface Work {
  challenge: string
  bits: number
}

/** Whether a hash begins with so many zero bits. */
export function begins(hash: Uint8Array, bits: number): boolean {
  for (let i = 0; bits > 0; i++, bits -= 8) {
    const byte = hash[i]
    if (byte === undefined || byte >> Math.max(0, 8 - bits) !== 0) return false
  }
  return true
}

/** Finds the number. */
export function solve({ challenge, bits }: Work): string {
  for (let n = 0; ; n++) {
    const solution = String(n)
    if (begins(sha256(utf8ToBytes(`${challenge}:${solution}`)), bits)) return solution
  }
}
