// Passkeys in this browser: what it can do, and what it says when it cannot.
import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'

import { api, ok } from '../api/client'
import { Problem } from '../api/problem'
import type { Session } from '../api/shapes'
import { i18next } from '../locale/locale'
import { problemText } from '../locale/problem-text'

/** Whether a page at an address can use passkeys: browsers want HTTPS or localhost, and a name. */
export function passkeyAddress({ hostname, secure }: { hostname: string; secure: boolean }): boolean {
  return secure && !/^\[|^[\d.]+$/.test(hostname)
}

export function passkeysWorkHere(): boolean {
  return passkeyAddress({ hostname: location.hostname, secure: isSecureContext }) && browserSupportsWebAuthn()
}

/** Signs in with a passkey: chosen in the browser's own dialog, or among the names that a field offers. */
export async function signInWithPasskey({ autofill = false } = {}): Promise<Session> {
  const { options, state } = await ok(api.POST('/api/v1/sessions/passkey/challenge'))
  const credential = await startAuthentication({
    optionsJSON: options as PublicKeyCredentialRequestOptionsJSON,
    useBrowserAutofill: autofill,
  })
  return ok(api.POST('/api/v1/sessions/passkey', { body: { state, credential, cookie: true } }))
}

export async function addPasskey(name: string, password: string, code: string) {
  const { options, state } = await ok(
    api.POST('/api/v1/me/passkeys/challenge', { body: { password, ...(code && { code }) } }),
  )
  const credential = await startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON })
  return ok(api.POST('/api/v1/me/passkeys', { body: { name, state, credential } }))
}

/** Ends whatever the browser is being asked. */
export function forgetPasskeyQuestion() {
  WebAuthnAbortService.cancelCeremony()
}

/** What a failure says to the person; the browser's own are known by name. */
export function passkeyText(error: unknown, adding = false): string {
  if (error instanceof Problem || !(error instanceof Error)) return problemText(error)
  switch (error.name) {
    case 'NotAllowedError':
    case 'AbortError':
      return i18next.t(adding ? 'passkeys.cancelledAdding' : 'passkeys.cancelled')
    case 'InvalidStateError':
      return i18next.t('passkeys.already')
    case 'SecurityError':
      return i18next.t('passkeys.wrongPlace')
    case 'ConstraintError':
    case 'NotSupportedError':
      return i18next.t('passkeys.cannot')
  }
  return problemText(error)
}
