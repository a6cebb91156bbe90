import { expect, it } from 'vitest'

import '../locale/locale'
import { limitsText, networksFrom } from './kiosk-limits'

it('reads networks however they are separated', () => {
  expect(networksFrom(' 10.0.0.0/8\n192.168.1.0/24, ::1;\n\n')).toEqual(['10.0.0.0/8', '192.168.1.0/24', '::1'])
  expect(networksFrom('  ')).toEqual([])
})

it('says in few words where a kiosk may be', () => {
  expect(limitsText({ networks: [], mode: 'single' })).toBe('Anywhere')
  expect(limitsText({ networks: ['10.0.0.0/8'], geofence: { latitude: 1, longitude: 2, radius: 50 }, mode: 'single' })).toBe(
    '1 network, within 50 m of its place',
  )
  expect(limitsText({ networks: [], mode: 'group' })).toBe('Anywhere, groups')
})
