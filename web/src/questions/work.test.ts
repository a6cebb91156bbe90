import { describe, expect, it } from 'vitest'

import { begins, solve } from './work'

describe('work', () => {
  it('counts zero bits', () => {
    const hash = new Uint8Array([0, 0, 0x7f, 0xff])
    for (const [bits, want] of [[0, true], [8, true], [16, true], [17, true], [18, false], [33, false]] as const)
      expect(begins(hash, bits)).toBe(want)
    expect(begins(new Uint8Array([0x01]), 7)).toBe(true)
    expect(begins(new Uint8Array([0x01]), 8)).toBe(false)
    expect(begins(new Uint8Array([0]), 9)).toBe(false)
  })

  it('finds the number that the server finds', async () => {
    const challenge = 'AAAA.1.AAAA'
    const solution = solve({ challenge, bits: 10 })
    const digest = async (text: string) =>
      new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
    expect(begins(await digest(`${challenge}:${solution}`), 10)).toBe(true)
    for (let n = 0; n < Number(solution); n++) expect(begins(await digest(`${challenge}:${n}`), 10)).toBe(false)
  })
})
