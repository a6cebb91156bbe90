// What people may be told of, as the page shows it.
const mine = ['own.leave', 'own.correction', 'own.exit']
const work = ['decide', 'assigned.question', 'team.exit']

export type Section = 'work' | 'mine' | 'company'

/** Below which heading a topic stands. */
export function sectionOf(topic: string): Section {
  if (mine.includes(topic)) return 'mine'
  return work.includes(topic) ? 'work' : 'company'
}

/** A topic's key among the words: i18next takes a dot for a level. */
export const wordOf = (topic: string) => `notifications.topics.${topic.replaceAll('.', '_')}`

/** 8 as 08:00. */
export const hourText = (hour: number) => `${String(hour).padStart(2, '0')}:00`

/** Under which one's choices are kept. */
export const notificationsKey = ['notifications']
