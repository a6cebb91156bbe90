import { describe, expect, it } from 'vitest'

import { changes, sentence } from './sentence'

const admin = { kind: 'account', username: 'acme', name: 'Acme', role: 'admin' } as const
const asha = { kind: 'account', username: 'asha', name: 'Asha', role: 'employee' } as const

const of = (table: string, person = 'asha', key = 'k') => ({ table, key, person })

describe('sentence', () => {
  it.each([
    ['a record with words of its own', { action: 'create', actor: admin, subject: of('Employee_details') }, 'Employee_details.create'],
    ['a record without', { action: 'change', actor: admin, subject: of('Of_a_later_version') }, 'changed'],
    ['a table named like another word', { action: 'create', actor: admin, subject: of('signIn') }, 'made'],
    ['an action that its words do not have', { action: 'change', actor: admin, subject: of('Sessions') }, 'changed'],
    ['signing in', { action: 'create', actor: asha, subject: of('Sessions') }, 'signIn'],
    ['signing out', { action: 'delete', actor: asha, subject: of('Sessions') }, 'signOut'],
    ['being signed out', { action: 'delete', actor: admin, subject: of('Sessions') }, 'Sessions.delete'],
    ['a failed sign-in', { action: 'refuse', actor: { kind: 'stranger' }, subject: of('Users') }, 'Users.refuse'],
    ['a new password', { action: 'change', actor: admin, subject: of('Users'), after: { password_hash: '(hidden)' } }, 'password'],
    ['one’s own', { action: 'change', actor: asha, subject: of('Users'), after: { password_hash: '(hidden)' } }, 'passwordOwn'],
    ['a closed account', { action: 'change', actor: admin, subject: of('Users'), before: {}, after: { disabled: true } }, 'close'],
    ['an opened one', { action: 'change', actor: admin, subject: of('Users'), before: { disabled: true }, after: {} }, 'open'],
    ['another name', { action: 'change', actor: admin, subject: of('Users'), before: { name: 'a' }, after: { name: 'b' } }, 'Users.change'],
    ['two factors', { action: 'change', actor: asha, subject: of('Two_factor'), before: { confirmed_at: null }, after: { confirmed_at: 'x' } }, 'confirm'],
    ['a recovery code', { action: 'change', actor: asha, subject: of('Two_factor'), before: { recovery_codes: 2 }, after: { recovery_codes: 1 } }, 'recovery'],
    ['a look at the door', { action: 'look', actor: admin, subject: of('objects', 'asha', 'punches/acme/2026/03/02/x') }, 'lookPunch'],
    ['a look at the door today', { action: 'look', actor: admin, subject: of('objects', 'asha', 'daily/acme/asha/2026/03/02/x') }, 'lookPunch'],
    ['a look at a profile', { action: 'look', actor: admin, subject: of('objects', 'asha', 'profiles/acme/asha/x') }, 'lookProfile'],
    ['a download', { action: 'look', actor: admin, subject: of('objects', 'asha', 'everything/acme/asha') }, 'lookEverything'],
    ['a look at a face', { action: 'look', actor: admin, subject: of('objects', 'asha', 'faces/acme/asha/x') }, 'lookFace'],
  ] as const)('tells of %s', (_, entry, key) => {
    expect(sentence(entry).key).toBe(key)
  })
})

describe('changes', () => {
  it('lists fields of both sides in order', () => {
    expect(changes({ name: 'A', email: 'x' }, { name: 'B', active: true })).toEqual([
      { field: 'active', after: 'true' },
      { field: 'email', before: 'x' },
      { field: 'name', before: 'A', after: 'B' },
    ])
  })
  it('names fields within others', () => {
    expect(changes({ match: { margin: 0.1 } }, { match: { margin: 0.2 }, list: [1, { a: 2 }] })).toEqual([
      { field: 'list', after: '[1,{"a":2}]' },
      { field: 'match.margin', before: '0.1', after: '0.2' },
    ])
  })
  it('has nothing to tell of nothing', () => {
    expect(changes(undefined, undefined)).toEqual([])
  })
})
