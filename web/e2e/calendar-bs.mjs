// Two calendars: a company in Nepal reads Bikram Sambat with the Gregorian date
// beside it, changes its mind and back; a person asks for leave in that calendar,
// by keys alone, and then chooses the other one for themselves.
import assert from 'node:assert/strict'
import nepali from 'nepali-date-converter'

import { shot } from './browser.mjs'
import { gregorian, setUp, signIn } from './door.mjs'

const NepaliDate = nepali.default ?? nepali
const secret = 'seven green parrots'
const MONTHS = ['Baisakh', 'Jestha', 'Ashadh', 'Shrawan', 'Bhadra', 'Ashwin', 'Kartik', 'Mangsir', 'Poush', 'Magh', 'Falgun', 'Chaitra']

/** Of a date such as 2026-11-24: 8 Mangsir 2083, 24 November 2026, and the parts. */
function both(iso) {
  const [year, month, day] = iso.split('-').map(Number)
  const bs = new NepaliDate(new Date(year, month - 1, day)).getBS()
  return {
    iso,
    bs: `${bs.date} ${MONTHS[bs.month]} ${bs.year}`,
    month: `${MONTHS[bs.month]} ${bs.year}`,
    key: `bs-${bs.year}-${String(bs.month + 1).padStart(2, '0')}`,
    gregorian: new Date(`${iso}T00:00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }),
    days: day,
    bsDay: bs.date,
  }
}

function today() {
  return new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Kathmandu' })
}

function after(iso, days) {
  return new Date(Date.parse(`${iso}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

export async function calendarBs({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 900 } })
  const complaints = []
  office.on('console', (message) => /Content Security Policy|React|Warning:/.test(message.text()) && complaints.push(message.text()))
  office.on('pageerror', (error) => complaints.push(String(error)))
  const dialog = office.getByRole('dialog')
  const choose = async (page, calendar) => {
    await page.getByRole('combobox', { name: 'Calendar of dates' }).click()
    await page.getByRole('option', { name: calendar, exact: true }).click()
  }
  const now = () => both(today())

  await step('a new company in Nepal reads Bikram Sambat, with the Gregorian date beside it', async () => {
    await setUp(office, server)
    await office.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await office.getByText(`${now().bs} • ${now().gregorian}`).waitFor()
  })

  await step('the admin chooses the other calendar, and back', async () => {
    await gregorian(office)
    await office.getByRole('link', { name: 'Today' }).click()
    await office.getByText(now().gregorian).waitFor()
    assert.equal(await office.getByText(now().bs).count(), 0)
    await office.getByRole('link', { name: 'Settings' }).click()
    await choose(office, 'Bikram Sambat')
    await office.getByRole('switch', { name: 'Show the other calendar beside it' }).check()
    await shot(office, 'calendar-settings')
    await office.getByTestId('settings-form').getByRole('button', { name: 'Save' }).click()
    await office.getByRole('link', { name: 'Today' }).click()
    await office.getByText(`${now().bs} • ${now().gregorian}`).waitFor()
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Add an employee' }).first().click()
    await dialog.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await dialog.locator('input[type=password]').fill(secret)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await office.getByRole('heading', { name: 'Asha Rai' }).waitFor()
    await office.getByRole('link', { name: 'Leave', exact: true }).click()
    await office.getByRole('button', { name: 'Add a kind of leave' }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('Annual leave')
    await dialog.getByLabel('Days a year').fill('20')
    await dialog.getByRole('switch', { name: 'Who comes or goes' }).uncheck()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await office.getByTestId('type-Annual leave').waitFor()
    await shot(office, 'calendar-leave-admin')
  })

  const asha = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })

  await step('a month is one of Bikram Sambat, and its address says so', async () => {
    await signIn(asha, 'asha.rai', secret)
    await asha.getByRole('heading', { name: 'My days' }).waitFor()
    await asha.getByRole('button', { name: `Month: ${now().month} •` }).waitFor()
    await asha.getByTestId(`day-${today()}`).getByText(String(now().bsDay), { exact: true }).waitFor()
    await shot(asha, 'calendar-month')
    const first = after(today(), 1 - now().bsDay)
    const before = both(after(first, -1))
    await asha.getByRole('button', { name: 'Previous month' }).click()
    await asha.getByRole('button', { name: `Month: ${before.month}` }).waitFor()
    await asha.waitForURL(`**/?month=${before.key}`)
    await asha.reload()
    await asha.getByRole('button', { name: `Month: ${before.month}` }).click()
    await asha.getByTestId('bs-months').getByRole('button', { name: now().month }).waitFor()
    await shot(asha, 'calendar-months')
    await asha.getByTestId('bs-months').getByRole('button', { name: now().month }).click()
    await asha.waitForURL(`**/?month=${now().key}`)
  })

  // A Sunday and the Monday after it, which are working days.
  const from = both(after(today(), 14 - new Date(`${today()}T00:00:00Z`).getUTCDay()))
  const to = both(after(from.iso, 1))

  await step('leave is asked for in that calendar, by keys alone', async () => {
    await asha.goto('/leave')
    await asha.getByRole('button', { name: 'Ask for leave' }).click()
    await asha.getByRole('button', { name: 'Dates' }).press('Enter')
    const grid = asha.getByRole('grid')
    await grid.waitFor()
    const focused = () => asha.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    const told = async (date) => {
      const name = await focused()
      assert.ok(name?.endsWith(`${date.bs} (${date.gregorian})`), `${name} is focused, not ${date.bs}`)
    }
    await told(now())
    await shot(asha, 'calendar-picker')
    await asha.keyboard.press('ArrowDown')
    await told(both(after(today(), 7)))
    await asha.keyboard.press('ArrowUp')
    await asha.keyboard.press('PageDown')
    await asha.keyboard.press('PageUp')
    for (let day = today(); day < from.iso; day = after(day, 1)) await asha.keyboard.press('ArrowRight')
    await told(from)
    await asha.keyboard.press('Enter')
    await asha.keyboard.press('ArrowRight')
    await told(to)
    await asha.keyboard.press('Enter')
    await grid.waitFor({ state: 'detached' })
    const field = asha.getByRole('button', { name: /^Dates: / })
    assert.match(await field.getAttribute('aria-label'), new RegExp(`${from.bs} – .*${to.bs} • `))
    await asha.getByTestId('preview').getByText('This takes 2 days.').waitFor()
    await shot(asha, 'calendar-request')
    await asha.getByRole('button', { name: 'Send the request' }).click()
    await asha.getByTestId(`request-${from.iso}`).getByText(`${from.bs} to`).waitFor()
    await shot(asha, 'calendar-leave')
  })

  await step('escape closes the calendar and not the form around it', async () => {
    await asha.getByRole('button', { name: 'Ask for leave' }).click()
    await asha.getByRole('button', { name: 'Dates' }).click()
    await asha.getByRole('grid').waitFor()
    await asha.keyboard.press('Escape')
    await asha.getByRole('grid').waitFor({ state: 'detached' })
    await asha.getByRole('dialog', { name: 'Ask for leave' }).waitFor()
    await asha.getByRole('button', { name: 'Close' }).click()
  })

  await step('the calendar of the team goes by its months, too', async () => {
    await office.getByRole('link', { name: 'Leave', exact: true }).click()
    await office.reload()
    await office.getByRole('tab', { name: 'Who is away' }).click()
    const team = office.getByTestId('team-calendar')
    while (!(await team.getByText(`${from.month} •`).count())) await team.getByRole('button', { name: 'The month after' }).click()
    await team.getByRole('rowheader', { name: 'Asha Rai' }).waitFor()
    await team.getByRole('columnheader', { name: `${from.bs} (${from.gregorian})` }).getByText(String(from.bsDay)).waitFor()
    await shot(office, 'calendar-team')
  })

  await step('the log is asked by dates of that calendar', async () => {
    await office.getByRole('link', { name: 'Audit log' }).click()
    await office.getByRole('button', { name: 'From', exact: true }).click()
    await office.getByRole('gridcell').getByRole('button', { name: `, ${now().bs} (` }).click()
    await office.getByRole('button', { name: `From: ` }).getByText(now().bs).waitFor()
    await office.getByText(/asked for leave/).first().waitFor()
    await shot(office, 'calendar-audit')
    await office.getByRole('button', { name: 'Clear', exact: true }).first().click()
    await office.getByRole('button', { name: 'From', exact: true }).waitFor()
  })

  await step('a person reads the other calendar than the company', async () => {
    await asha.goto('/account')
    await choose(asha, 'Gregorian')
    await asha.getByTestId('calendar-card').getByRole('button', { name: 'Save' }).click()
    await asha.getByText('Dates are written so from now on').waitFor()
    await asha.getByTestId('calendar-card').getByText(now().gregorian).waitFor()
    await asha.getByText(now().bs).first().waitFor({ state: 'detached' })
    await shot(asha, 'calendar-account')
    await asha.goto('/')
    const month = now().gregorian.replace(/^\d+ /, '')
    await asha.getByRole('button', { name: `Month: ${month}`, exact: true }).waitFor()
    await asha.goto('/leave')
    await asha.getByTestId(`request-${from.iso}`).getByText(from.gregorian.replace(/^(\d+ ...).*/, '$1')).waitFor()
    await office.reload()
    await office.getByRole('heading', { name: 'Audit log' }).waitFor()
    await office.getByRole('link', { name: 'Today' }).click()
    await office.getByText(`${now().bs} • ${now().gregorian}`).waitFor()
    assert.deepEqual(complaints, [])
  })
}
