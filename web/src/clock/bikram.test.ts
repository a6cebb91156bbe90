import { readFileSync } from 'node:fs'
import NepaliDate from 'nepali-date-converter'
import { afterEach, describe, expect, it } from 'vitest'

import { bsMonthDays, bsOf, FIRST, FIRST_YEAR, gregorianOf, isDate, LAST, LAST_YEAR, type BsDate } from './bikram'
import { addDays } from './clock'

/** The lengths of the months in the program's table. */
function table(): number[][] {
  const source = readFileSync(new URL('../../../internal/hajir/bs_table.go', import.meta.url), 'utf8')
  const rows = [...source.matchAll(/^\t\{([\d, ]+)\}, \/\/ (\d{4})$/gm)]
  return rows.map(([, lengths = '', year], index) => {
    expect(Number(year)).toBe(FIRST_YEAR + index)
    return lengths.split(',').map(Number)
  })
}

const own = process.env.TZ
afterEach(() => {
  process.env.TZ = own
})

describe('the package and the program', () => {
  it('know months of the same lengths', () => {
    const years = table()
    expect(years).toHaveLength(LAST_YEAR - FIRST_YEAR + 1)
    years.forEach((months, index) => {
      expect(months).toHaveLength(12)
      months.forEach((days, month) => expect([FIRST_YEAR + index, month + 1, bsMonthDays(FIRST_YEAR + index, month + 1)]).toEqual([FIRST_YEAR + index, month + 1, days]))
    })
  })

  // Where a day begins late, or was skipped, too.
  it.each(['UTC', 'Asia/Kathmandu', 'America/Sao_Paulo', 'Pacific/Kiritimati'])('agree on every day in %s', (zone) => {
    process.env.TZ = zone
    let date = FIRST
    table().forEach((months, index) =>
      months.forEach((days, month) => {
        for (let day = 1; day <= days; day++) {
          const bs = { year: FIRST_YEAR + index, month: month + 1, day }
          if (!same(bsOf(date), bs) || gregorianOf(bs) !== date) expect([date, bsOf(date), gregorianOf(bs)]).toEqual([date, bs, date])
          date = addDays(date, 1)
        }
      }),
    )
    expect(addDays(date, -1)).toBe(LAST)
  })

  it('convert alike', () => {
    process.env.TZ = 'UTC'
    for (let date = FIRST; date <= LAST; date = addDays(date, 5)) {
      const bs = new NepaliDate(new Date(date)).getBS()
      if (!same(bsOf(date), { year: bs.year, month: bs.month + 1, day: bs.date })) expect([date, bsOf(date)]).toEqual([date, bs])
    }
  })
})

function same(a: BsDate | null, b: BsDate): boolean {
  return a?.year === b.year && a.month === b.month && a.day === b.day
}

it.each([
  ['2026-11-24', 2083, 8, 8],
  ['2025-04-14', 2082, 1, 1], // 1 Baisakh
  ['2026-04-13', 2082, 12, 30], // the last of Chaitra
  ['2024-06-14', 2081, 2, 32], // a month of 32 days
  ['2015-04-25', 2072, 1, 12], // the Gorkha earthquake
  ['1943-04-14', 2000, 1, 1],
  ['2034-04-13', 2090, 12, 30],
])('%s is %i-%i-%i', (date, year, month, day) => {
  expect(bsOf(date)).toEqual({ year, month, day })
  expect(gregorianOf({ year, month, day })).toBe(date)
})

it.each(['1943-04-13', '1940-01-01', '1800-05-05', '2034-04-14', '2100-01-01', '2026-02-30', '2026-13-01', '26-1-1', '', 'soon'])(
  'does not know %j',
  (date) => expect(bsOf(date)).toBeNull(),
)

it('knows no day that a month does not have', () => {
  for (const [year, month, day] of [[2083, 8, 30], [2083, 0, 1], [2083, 13, 1], [1999, 12, 1], [2091, 1, 1], [2083, 8, 0]] as const)
    expect(gregorianOf({ year, month, day })).toBeNull()
})

it.each([
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2026-1-1', false],
  ['', false],
])('isDate(%j) is %s', (text, is) => expect(isDate(text)).toBe(is))
