// What the server refuses, as values: RFC 9457 problems with a stable code.

/** The codes that the server documents, and `offline` for no answer at all. */
export const codes = [
  'internal',
  'invalid',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'unsupported',
  'unavailable',
  'rate_limited',
  'setup_closed',
  'weak_password',
  'storage_full',
  'storage_failed',
  'totp_required',
  'totp_wrong',
  'password_wrong',
  'picture_invalid',
  'face_none',
  'face_several',
  'face_small',
  'face_unknown',
  'face_ambiguous',
  'face_duplicate',
  'invitation_unknown',
  'invitation_expired',
  'invitation_used',
  'sign_up_closed',
  'sign_up_unknown',
  'sign_up_expired',
  'sign_up_used',
  'passkey_refused',
  'passkey_expired',
  'passkey_copied',
  'reset_unknown',
  'reset_expired',
  'reset_used',
  'kiosk_network',
  'kiosk_place',
  'pin_wrong',
  'pin_weak',
  'face_declined',
  'face_consent',
  'leave_overlap',
  'leave_balance',
  'face_confirm',
  'face_challenge',
  'face_not_live',
  'face_contradicted',
  'frames_wanted',
  'confirm_expired',
  'confirm_other',
  'proof_wrong',
  'proof_expired',
  'face_dark',
  'face_bright',
  'face_blurred',
  'face_turned',
  'face_eyes',
  'offline',
] as const

export type Code = (typeof codes)[number]

export function isCode(code: string): code is Code {
  return (codes as readonly string[]).includes(code)
}

export interface FieldProblem {
  /** The body's field, as the API names it: `time_zone`. */
  field: string
  message: string
}

/** What somebody is asked to do before the camera. */
export interface Asked {
  ticket: string
  step: 'left' | 'right' | 'blink'
  done: number
  steps: number
}

/** A request that did not succeed. */
export class Problem extends Error {
  readonly code: string
  readonly detail: string
  readonly status: number
  readonly fields: FieldProblem[]
  /** For rate_limited and unavailable: in how many seconds to come again; 0 when that is not said. */
  readonly retryAfter: number
  /** For face_confirm: what a PIN confirms. */
  readonly ticket: string
  /** For face_challenge: what is to be done. */
  readonly challenge: Asked | null

  constructor(code: string, detail: string, status = 0, fields: FieldProblem[] = [], retryAfter = 0, ticket = '', challenge: Asked | null = null) {
    super(detail || code)
    this.name = 'Problem'
    this.code = code
    this.detail = detail
    this.status = status
    this.fields = fields
    this.retryAfter = retryAfter
    this.ticket = ticket
    this.challenge = challenge
  }
}

// For answers that no handler of Hajir wrote, such as a proxy's.
const byStatus: Record<number, Code> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  412: 'conflict',
  413: 'too_large',
  415: 'unsupported',
  422: 'invalid',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
  507: 'storage_full',
}

/** Reads a failed response's body, already parsed, as a Problem. */
export function problemFrom(status: number, body: unknown): Problem {
  const it = isRecord(body) ? body : {}
  const code = typeof it.code === 'string' && it.code ? it.code : (byStatus[status] ?? 'internal')
  const detail = typeof it.detail === 'string' ? it.detail : ''
  const fields = Array.isArray(it.errors) ? it.errors.flatMap(fieldFrom) : []
  const retryAfter = typeof it.retry_after === 'number' ? it.retry_after : 0
  const ticket = isRecord(it.confirm) && typeof it.confirm.ticket === 'string' ? it.confirm.ticket : ''
  return new Problem(code, detail, status, fields, retryAfter, ticket, askedFrom(it.challenge))
}

function askedFrom(it: unknown): Asked | null {
  if (!isRecord(it)) return null
  const { ticket, step, done, steps } = it
  if (typeof ticket !== 'string' || typeof done !== 'number' || typeof steps !== 'number') return null
  return step === 'left' || step === 'right' || step === 'blink' ? { ticket, step, done, steps } : null
}

function fieldFrom(item: unknown): FieldProblem[] {
  if (!isRecord(item) || typeof item.message !== 'string') return []
  const location = typeof item.location === 'string' ? item.location : ''
  return [{ field: location.replace(/^body\./, ''), message: item.message }]
}

/** Turns whatever was thrown into a Problem; a fetch that failed is `offline`. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  if (thrown instanceof TypeError) return new Problem('offline', '')
  if (thrown instanceof DOMException && (thrown.name === 'TimeoutError' || thrown.name === 'AbortError'))
    return new Problem('offline', '')
  return new Problem('internal', '')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
