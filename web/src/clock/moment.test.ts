import { describe, expect, it } from 'vitest'

import { addDays } from './clock'
import { momentOf } from './moment'

describe('a time that is typed', () => {
  it("is the zone's, not the device's", () => {
    expect(momentOf('2026-03-02', '17:00', 'Asia/Kathmandu')).toBe('2026-03-02T11:15:00.000Z')
    expect(momentOf('2026-03-02', '00:10', 'Asia/Kathmandu')).toBe('2026-03-01T18:25:00.000Z')
    expect(momentOf('2026-03-02', '23:59', 'America/New_York')).toBe('2026-03-03T04:59:00.000Z')
    expect(momentOf('2026-03-02', '09:00', 'UTC')).toBe('2026-03-02T09:00:00.000Z')
  })
  it('is right on the days on which clocks change', () => {
    expect(momentOf('2026-03-29', '01:30', 'Europe/Berlin')).toBe('2026-03-29T00:30:00.000Z')
    expect(momentOf('2026-03-29', '03:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
    expect(momentOf('2026-10-25', '04:00', 'Europe/Berlin')).toBe('2026-10-25T03:00:00.000Z')
  })
  it('goes on with the next date', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
  })
})
