import { expect, it } from 'vitest'

import type { Review } from '../api/shapes'
import '../locale/locale'
import { didText, nearness, reasonsOf, titleOf } from './review'

const punch: Review = {
  id: '1',
  kind: 'punch',
  at: '2026-03-02T09:00:00+05:45',
  last_at: '2026-03-02T09:00:00+05:45',
  count: 0,
  doubts: ['low_score'],
  username: 'asha',
  name: 'Asha Rai',
  direction: 'entry',
  score: 0.48,
  margin: 0.08,
  threshold: 0.46,
  min_margin: 0.05,
  frames: 3,
  agreed: 2,
  candidates: [],
  state: 'open',
  version: 1,
}
const refusal: Review = { ...punch, kind: 'refusal', doubts: [], code: 'face_unknown', username: undefined, name: undefined, count: 7 }

it('says who it is', () => {
  expect(titleOf(punch)).toBe('Asha Rai, entry')
  expect(titleOf(refusal)).toBe('Somebody who is not known')
  expect(titleOf({ ...refusal, code: 'face_masked' })).toBe('Somebody who was refused')
})

it('says why, in words and numbers', () => {
  const zone = 'Asia/Kathmandu'
  expect(reasonsOf(punch, zone)).toEqual(['Just alike enough: 0.48, where 0.46 is needed.'])
  expect(reasonsOf({ ...punch, doubts: ['small_margin', 'disagreement', 'pin_confirmed'] }, zone)).toEqual([
    'Only 0.08 ahead of the next person; 0.05 is needed.',
    'Only 2 of 3 pictures of the moment show Asha Rai for sure.',
    'The camera could not tell two people apart; Asha Rai’s PIN did.',
  ])
  expect(reasonsOf({ ...punch, doubts: ['not_live'], liveness: 0.2, min_liveness: 0.5 }, zone)).toEqual([
    'It may not be a living person: 0.20, where 0.50 is needed.',
  ])
  expect(reasonsOf(refusal, zone)).toEqual(['Nobody enrolled looks like this face.', 'Refused 7 times until 09:00.'])
  for (const code of ['face_confirm', 'face_ambiguous', 'face_not_live', 'face_contradicted'])
    expect(reasonsOf({ ...refusal, code, count: 1 }, zone).join()).not.toContain('review.')
})

it('says how near somebody is', () => {
  expect([nearness(0.46, 0.46), nearness(0.4, 0.46), nearness(0.3, 0.46)]).toEqual(['reached', 'near', 'far'])
})

it('says who decided what', () => {
  const done = { done_by: 'acme' }
  expect(didText({ ...punch, ...done, state: 'confirmed' })).toBe('acme confirmed it')
  expect(didText({ ...punch, ...done, state: 'reassigned', to: 'bina', to_name: 'Bina' })).toBe('acme gave it to Bina')
  expect(didText({ ...punch, ...done, state: 'rejected' })).toBe('acme decided that it does not count')
  expect(didText({ ...refusal, ...done, state: 'rejected' })).toBe('acme found it rightly refused')
})
