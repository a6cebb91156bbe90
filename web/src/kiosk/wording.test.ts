import { expect, it } from 'vitest'

import type { Greeting } from './machine'
import { noticeText, particulars, salute } from './wording'

const ZONE = 'Asia/Kathmandu'

const greeting = (time: string, more: Partial<Greeting> = {}): Greeting => ({
  username: 'asha',
  name: 'Asha',
  direction: 'entry',
  at: `2026-11-23T${time}:00+05:45`,
  repeated: false,
  until: 0,
  others: [],
  ...more,
})

it.each([
  ['04:59', 'Hello, Asha'],
  ['05:00', 'Good morning, Asha'],
  ['11:59', 'Good morning, Asha'],
  ['12:00', 'Good afternoon, Asha'],
  ['17:00', 'Good evening, Asha'],
  ['22:00', 'Hello, Asha'],
])('at %s it says %s', (time, text) => expect(salute(greeting(time), ZONE)).toBe(text))

it('says goodbye to those who leave', () =>
  expect(salute(greeting('17:31', { direction: 'exit' }), ZONE)).toBe('Goodbye, Asha'))

it('gives the time in the company’s zone, and says what is a repetition', () => {
  expect(particulars(greeting('09:02'), ZONE)).toBe('Entry 09:02')
  expect(particulars(greeting('09:02'), 'UTC')).toBe('Entry 03:17')
  expect(particulars(greeting('17:31', { direction: 'exit', repeated: true }), ZONE)).toBe('Already recorded: Exit 17:31')
})

it('has words for every notice', () => {
  const present = [{ username: 'asha', name: 'Asha', seenAt: 0, emptySince: null }]
  const of = (notice: Parameters<typeof noticeText>[0]['notice'], detail = '') => noticeText({ notice, detail, present })
  expect(of('face_small')).toBe('Come closer, please')
  expect(of('recorded')).toBe('Thank you, Asha. You are recorded.')
  expect(of('other', 'Take off the mask.')).toBe('Take off the mask.')
  for (const notice of ['starting', 'look', 'offline', 'server', 'wait', 'placing', 'kiosk_network', 'kiosk_place', 'face_several', 'face_unknown', 'face_ambiguous', 'face_not_live', 'face_contradicted', 'frames_wanted', 'confirm_expired', 'challenge_wrong', 'challenge_late', 'picture_invalid', 'other'] as const)
    expect(of(notice)).not.toContain('kiosk.')
  expect(noticeText({ notice: 'recorded', detail: '', present: [] })).toBe('Look at the camera')
})
