// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'

import { DateField, DateRangeField, MonthField } from './date-field'
import { setDateStyle } from './date-style'

beforeAll(() => {
  Element.prototype.scrollIntoView = () => {}
})
afterEach(() => setDateStyle())

const bs = (both_calendars = true) => setDateStyle({ calendar: 'bs', both_calendars, time_zone: 'Asia/Kathmandu' })

function show(field: React.ReactNode) {
  render(<MantineProvider env="test">{field}</MantineProvider>)
}

const day = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name })

it('gives a Gregorian date for a day of Bikram Sambat, within its bounds', () => {
  bs()
  const onChange = vi.fn()
  show(<DateField label="From" value="2026-11-24" onChange={onChange} minDate="2026-11-20" maxDate="2026-12-16" />)
  fireEvent.click(day('From: Tue 8 Mangsir 2083 • 24 Nov 2026'))
  const chosen = day('Tuesday, 8 Mangsir 2083 (24 November 2026)')
  expect(chosen.closest('td')?.getAttribute('aria-selected')).toBe('true')
  expect(day('Thursday, 3 Mangsir 2083 (19 November 2026)').disabled).toBe(true)
  expect(day('Friday, 4 Mangsir 2083 (20 November 2026)').disabled).toBe(false)
  // The keys stop at the bounds, too.
  for (const key of ['ArrowUp', 'ArrowUp', 'PageUp']) fireEvent.keyDown(screen.getByRole('grid'), { key })
  expect(document.activeElement).toBe(day('Friday, 4 Mangsir 2083 (20 November 2026)'))
  fireEvent.keyDown(screen.getByRole('grid'), { key: 'PageDown' })
  expect(document.activeElement).toBe(day('Wednesday, 1 Poush 2083 (16 December 2026)'))
  expect(day('Next month').disabled).toBe(true)
  fireEvent.click(document.activeElement as Element)
  expect(onChange).toHaveBeenCalledExactlyOnceWith('2026-12-16')
})

it('shows the last day of Chaitra and 1 Baisakh in two months', () => {
  bs()
  show(<DateField label="From" value="2026-04-13" onChange={() => {}} />)
  fireEvent.click(day('From: Mon 30 Chaitra 2082 • 13 Apr 2026'))
  fireEvent.keyDown(screen.getByRole('grid'), { key: 'ArrowRight' })
  expect(document.activeElement).toBe(day('Tuesday, 1 Baisakh 2083 (14 April 2026)'))
})

it('turns dates round that are chosen the wrong way', () => {
  bs()
  const onChange = vi.fn()
  show(<DateRangeField label="Dates" value={['2026-11-24', null]} onChange={onChange} />)
  fireEvent.click(day('Dates: Tue 8 Mangsir 2083 – • 24 Nov 2026'))
  fireEvent.click(day('Sunday, 6 Mangsir 2083 (22 November 2026)'))
  expect(onChange).toHaveBeenCalledExactlyOnceWith(['2026-11-22', '2026-11-24'])
})

it('takes a date away', () => {
  bs()
  const onChange = vi.fn()
  show(<DateField label="From" value="2026-11-24" onChange={onChange} clearable />)
  fireEvent.click(day('Clear'))
  expect(onChange).toHaveBeenCalledExactlyOnceWith(null)
})

it('shows a date that Bikram Sambat does not know in the other calendar', () => {
  bs()
  show(<DateField label="Until" value="2040-01-02" onChange={() => {}} />)
  expect(screen.getByText('Mon 2 Jan 2040 (Gregorian)')).toBeTruthy()
})

it('gives a month its name', () => {
  bs()
  const onChange = vi.fn()
  show(<MonthField aria-label="Month" value="bs-2083-08" onChange={onChange} />)
  fireEvent.click(day('Month'))
  expect(day('Mangsir 2083 • Nov – Dec 2026').getAttribute('aria-pressed')).toBe('true')
  fireEvent.click(day('Next year'))
  fireEvent.click(day('Baisakh 2084 • Apr – May 2027'))
  expect(onChange).toHaveBeenCalledExactlyOnceWith('bs-2084-01')
})

it('is typed into by who reads the Gregorian calendar alone', () => {
  const onChange = vi.fn()
  show(<DateField label="From" value={null} onChange={onChange} />)
  fireEvent.change(screen.getByRole('textbox', { name: 'From' }), { target: { value: '2026-11-24' } })
  expect(onChange).toHaveBeenLastCalledWith('2026-11-24')
})
