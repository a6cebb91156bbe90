import { describe, expect, it } from 'vitest'

import { asProblem, codes, Problem, problemFrom } from '../api/problem'
import { en } from './en'
import { fieldErrors, problemText } from './problem-text'

describe('problemText', () => {
  it.each(codes)('has words of its own for %s', (code) => {
    const text = problemText(new Problem(code, ''))
    expect(text).toBe(en.problem[code])
    expect(text).toMatch(/^[A-Z].*[.]$/)
  })

  it('has no words for codes that there are not', () => {
    expect(Object.keys(en.problem).sort()).toEqual([...codes].sort())
  })

  it("uses the server's words for a code it does not know", () => {
    expect(problemText(new Problem('face_masked', 'Please take off your mask.'))).toBe('Please take off your mask.')
    expect(problemText(new Problem('face_masked', ''))).toBe(en.problem.internal)
  })

  it("uses the server's words where they say more, and only there", () => {
    expect(problemText(new Problem('face_duplicate', 'This is Hari.'))).toBe('This is Hari.')
    expect(problemText(new Problem('internal', 'sql: no rows'))).toBe(en.problem.internal)
  })

  it('explains whatever else was thrown', () => {
    expect(problemText(new TypeError('Failed to fetch'))).toBe(en.problem.offline)
    expect(problemText(new DOMException('', 'TimeoutError'))).toBe(en.problem.offline)
    expect(problemText('?')).toBe(en.problem.internal)
  })
})

describe('problemFrom', () => {
  it('reads a problem document', () => {
    const problem = problemFrom(422, {
      code: 'invalid',
      detail: 'validation failed',
      errors: [{ location: 'body.time_zone', message: 'unknown zone' }, { message: 'no place' }, 7],
    })
    expect(problem).toMatchObject({ code: 'invalid', detail: 'validation failed', status: 422 })
    expect(problem.fields).toEqual([
      { field: 'time_zone', message: 'unknown zone' },
      { field: '', message: 'no place' },
    ])
  })

  it.each([
    [401, 'unauthorized'],
    [404, 'not_found'],
    [413, 'too_large'],
    [429, 'rate_limited'],
    [502, 'unavailable'],
    [418, 'internal'],
  ])('goes by status %i when there is no code', (status, code) => {
    expect(problemFrom(status, null).code).toBe(code)
    expect(problemFrom(status, '<html>').code).toBe(code)
  })

  it('passes a problem through', () => {
    const problem = new Problem('conflict', '')
    expect(asProblem(problem)).toBe(problem)
  })
})

describe('fieldErrors', () => {
  it('puts messages beside their fields, as sentences, the first one first', () => {
    const problem = problemFrom(422, {
      errors: [
        { location: 'body.name', message: 'expected length >= 1' },
        { location: 'body.name', message: 'second' },
        { location: 'body.secret', message: 'x' },
      ],
    })
    expect(fieldErrors(problem, ['name'])).toEqual({ name: 'Expected length >= 1.' })
  })

  it('puts a weak password beside the password', () => {
    expect(fieldErrors(new Problem('weak_password', 'Too common.'), ['password'])).toEqual({ password: 'Too common.' })
    expect(fieldErrors(new Problem('weak_password', ''), ['name'])).toEqual({})
  })
})

it.each([
  [1, '1 second'],
  [90, '90 seconds'],
  [91, '2 minutes'],
  [900, '15 minutes'],
])('a wait of %i seconds is %s', (seconds, words) => {
  const refused = problemFrom(429, { code: 'rate_limited', detail: 'x', retry_after: seconds })
  expect(refused.retryAfter).toBe(seconds)
  expect(problemText(refused)).toBe(`Too many tries. Wait ${words}, then try again.`)
})
