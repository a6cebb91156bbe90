import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { en } from '../locale/en'
import { hourText, sectionOf, wordOf } from './topics'

test('every topic of the program has its words', () => {
  const rules = readFileSync(new URL('../../../internal/hajir/mailing.go', import.meta.url), 'utf8')
  const notices = readFileSync(new URL('../../../internal/hajir/notice.go', import.meta.url), 'utf8')
  const own = [...rules.matchAll(/Topic = "([a-z.]+)"/g)].map((m) => m[1])
  const shown = /func NoticeKinds\(\)[\s\S]*?\n}/.exec(notices)?.[0] ?? ''
  const kinds = [...notices.matchAll(/(Notice\w+)\s+NoticeKind = "([a-z.]+)"/g)].filter((m) => new RegExp(`\\b${m[1]}\\b`).test(shown)).map((m) => m[2])
  expect(own.length).toBe(6)
  expect(kinds.length).toBeGreaterThan(10)
  for (const topic of [...own, ...kinds]) expect(en.notifications.topics, topic).toHaveProperty(wordOf(topic ?? '').replace('notifications.topics.', ''))
})

test('topics stand below headings', () => {
  expect(['own.exit', 'decide', 'leave.asked'].map(sectionOf)).toEqual(['mine', 'work', 'company'])
  expect(hourText(8)).toBe('08:00')
})
