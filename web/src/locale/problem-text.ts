// What a refusal says to the person who reads it.
import { i18next } from './locale'
import { asProblem, isCode, type Problem } from '../api/problem'

// Here the server knows more than the code tells: which field, or whose face.
const ownWords = new Set(['invalid', 'conflict', 'weak_password', 'unavailable', 'face_duplicate', 'face_consent', 'pin_weak', 'leave_overlap', 'leave_balance'])


export function problemText(thrown: unknown): string {
  const problem = asProblem(thrown)
  if (problem.detail && (ownWords.has(problem.code) || !isCode(problem.code))) return sentence(problem.detail)
  if (problem.code === 'rate_limited' && problem.retryAfter > 0)
    return i18next.t('wait.tooMany', { wait: waitText(problem.retryAfter) })
  return i18next.t(`problem.${isCode(problem.code) ? problem.code : 'internal'}`)
}

/** A problem's messages by field, for those of `fields` that it names. */
export function fieldErrors(problem: Problem, fields: readonly string[]): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const { field, message } of problem.fields)
    if (fields.includes(field) && !(field in errors)) errors[field] = sentence(message)
  if (problem.code === 'weak_password' && fields.includes('password'))
    errors.password = problemText(problem)
  return errors
}

// Rounded up, so that who waits so long does not come too early.
function waitText(seconds: number): string {
  return seconds > 90
    ? i18next.t('wait.minutes', { count: Math.ceil(seconds / 60) })
    : i18next.t('wait.seconds', { count: seconds })
}

/** A message as a sentence: with a capital letter and a full stop. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1)
  return /[.!?]$/.test(text) ? text : `${text}.`
}
