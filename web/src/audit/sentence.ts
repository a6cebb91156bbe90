// What an entry of the audit log says in one sentence.
import type { AuditEntry } from '../api/shapes'
import { office } from '../locale/en-office'

/** A sentence's key below audit.did, and what goes into it. */
export interface Sentence {
  key: string
  table: string
}

const made = { create: 'made', change: 'changed', delete: 'removed', refuse: 'changed', look: 'lookFace' } as const

/** Which sentence tells of an entry; one for any record when there is none of its own. */
export function sentence(entry: Pick<AuditEntry, 'action' | 'actor' | 'subject' | 'before' | 'after'>): Sentence {
  const { action, actor, subject, before, after } = entry
  const own = actor.username !== undefined && actor.username === subject.person
  return { key: special() ?? general(), table: subject.table }

  function special(): string | undefined {
    switch (`${subject.table} ${action}`) {
      case 'objects look':
        if (/^(daily|punches)\//.test(subject.key)) return 'lookPunch'
        if (subject.key.startsWith('refusals/')) return 'lookRefusal'
        if (subject.key.startsWith('profiles/')) return 'lookProfile'
        return subject.key.startsWith('everything/') ? 'lookEverything' : 'lookFace'
      case 'Sessions create':
        return own ? 'signIn' : undefined
      case 'Sessions delete':
        return own ? 'signOut' : undefined
      case 'Two_factor change':
        if (own && before?.confirmed_at === null) return 'confirm'
        return own && before?.confirmed_at === undefined ? 'recovery' : undefined
      case 'Users change':
        if (after?.password_hash !== undefined) return own ? 'passwordOwn' : 'password'
        if (after?.disabled === true) return 'close'
        return before?.disabled === true ? 'open' : undefined
    }
    return undefined
  }

  function general(): string {
    const ofTable: unknown = office.audit.did[subject.table as keyof typeof office.audit.did]
    return ofTable && typeof ofTable === 'object' && action in ofTable ? `${subject.table}.${action}` : made[action]
  }
}

/** One field of a record, before and after. */
export interface Change {
  field: string
  before?: string
  after?: string
}

/** The fields in which before and after differ, those within others as a.b. */
export function changes(before: Record<string, unknown> | undefined, after: Record<string, unknown> | undefined, prefix = ''): Change[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort()
  return fields.flatMap((field): Change[] => {
    const [was, is] = [before?.[field], after?.[field]]
    const name = prefix + field
    if (isRecord(was) || isRecord(is))
      return changes(isRecord(was) ? was : undefined, isRecord(is) ? is : undefined, `${name}.`)
    return [{ field: name, ...(was !== undefined && { before: text(was) }), ...(is !== undefined && { after: text(is) }) }]
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
