import { expect, it } from 'vitest'

import { validUsername } from '../session/account-rules'
import { suggestUsername } from './suggest-username'

it.each([
  ['Asha Karki', 'asha.karki'],
  ['  José  Núñez-Ruiz ', 'jose.nunez.ruiz'],
  ['O. P. Sharma', 'o.p.sharma'],
  ['आशा', ''],
  ['A', ''],
  ['', ''],
])('%j suggests %j', (name, username) => expect(suggestUsername(name)).toBe(username))

it('never suggests what is not a username', () => {
  for (const name of ['x'.repeat(200), `${'x'.repeat(63)} y`, '..a..b..', '7up & co'])
    expect(validUsername(suggestUsername(name))).toBe(true)
})
