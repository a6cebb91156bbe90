import { browserSupportsWebAuthnAutofill } from '@simplewebauthn/browser'
import { useEffect, useState } from 'react'

import { Problem } from '../api/problem'
import { forgetPasskeyQuestion, passkeysWorkHere, signInWithPasskey } from './passkey'
import { session } from './session'

// A question is good for five minutes; a page may stay open for longer.
const ANEW_MS = 4 * 60_000

/** Lets the field for the username offer the passkeys of this device, while wanted; returns why the chosen one was refused. */
export function usePasskeyAutofill(wanted: boolean): Problem | null {
  const [refused, setRefused] = useState<Problem | null>(null)
  useEffect(() => {
    if (!wanted || !passkeysWorkHere()) return
    const gone = new AbortController()
    const left = () => gone.signal.aborted
    let timer = 0
    const ask = async () => {
      if (!(await browserSupportsWebAuthnAutofill()) || left()) return
      timer = window.setTimeout(() => {
        forgetPasskeyQuestion()
        void ask()
      }, ANEW_MS)
      try {
        const answer = await signInWithPasskey({ autofill: true })
        if (!left()) session.adopt(answer)
      } catch (error) {
        // That there was nothing to offer is no news; that a choice was refused is.
        // It is not offered again at once, lest it be chosen again and again.
        if (!left() && error instanceof Problem && error.code.startsWith('passkey_')) setRefused(error)
      }
    }
    void ask()
    return () => {
      gone.abort()
      clearTimeout(timer)
      forgetPasskeyQuestion()
    }
  }, [wanted])
  return refused
}
