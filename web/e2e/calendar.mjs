// The calendar: the admin adds a holiday and imports others, somebody chooses an
// optional one and reads a calendar by its link.
import assert from 'node:assert/strict'

import { shot } from './browser.mjs'
import { setUp } from './door.mjs'

const password = 'two wheels on the hill'

/** The date YYYY-MM-DD some days from today in Kathmandu. */
function day(from) {
  return new Date(Date.now() + from * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'Asia/Kathmandu' })
}

export async function calendar({ step, device, server }) {
  const page = await device({ viewport: { width: 1280, height: 900 } })
  const [soon, later] = [day(1), day(2)]

  await step('a holiday is added, in the month and on the day', async () => {
    await setUp(page, server)
    await page.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await page.getByRole('link', { name: 'Calendar' }).click()
    await page.getByRole('heading', { name: 'Nothing in this month' }).waitFor()
    await page.getByRole('button', { name: 'Add an event', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Give it a title.').waitFor()
    await dialog.getByLabel('Title').fill('Founder’s day')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByTestId('event-Founder’s day').getByText('Holiday', { exact: true }).waitFor()
    await page.getByTestId(`date-${day(0)}`).getByText('Founder’s day').waitFor()
    await shot(page, 'calendar')
  })

  await step('a meeting with times is added and changed', async () => {
    await page.getByRole('button', { name: 'Add an event', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Title').fill('Review')
    await dialog.getByText('Event', { exact: true }).click()
    await dialog.getByLabel('From', { exact: true }).fill('15:00')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Give both times, or neither.').waitFor()
    await dialog.getByLabel('Until').fill('16:00')
    await shot(page, 'event-form')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByTestId('event-Review').getByText('15:00–16:00').waitFor()
    await page.getByRole('button', { name: 'Change Review' }).click()
    await dialog.getByLabel('Until').fill('17:00')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByTestId('event-Review').getByText('15:00–17:00').waitFor()
  })

  await step('a file is looked at first; brought twice it adds nothing', async () => {
    const file = {
      name: 'holidays.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`date,title,kind\n${soon},Teej,optional\n${later},Losar,optional\n1.1.2026,New year,\n`),
    }
    for (const [ready, button] of [
      ['2 to add, 0 there already, 1 refused', 'Add 2 events'],
      ['0 to add, 2 there already, 1 refused', 'Nothing to add'],
    ]) {
      await page.getByRole('button', { name: 'Import' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.locator('input[type=file]').setInputFiles(file)
      await dialog.getByText(ready).waitFor()
      await dialog.getByText('A date has the form YYYY-MM-DD').waitFor()
      await shot(page, 'event-import')
      if (button === 'Nothing to add') {
        assert.equal(await dialog.getByRole('button', { name: button }).isDisabled(), true)
        await dialog.getByRole('button', { name: 'Close' }).click()
        break
      }
      await dialog.getByRole('button', { name: button }).click()
      await page.getByText('2 events were added.').waitFor()
    }
  })

  await step('the admin lets everybody choose one, and adds Asha', async () => {
    const card = page.getByTestId('optional-setting')
    await card.getByLabel('For each person').fill('1')
    await card.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Employees' }).click()
    await page.getByRole('button', { name: 'Add an employee' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await page.getByLabel(/^Password/).fill(password)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { name: 'Asha Rai' }).waitFor()
  })

  const phone = await device({ viewport: { width: 390, height: 844 } })
  await step('Asha chooses an optional holiday, and no second one', async () => {
    await phone.goto('/sign-in')
    await phone.getByLabel(/^Username/).fill('asha.rai')
    await phone.getByLabel('Password', { exact: true }).fill(password)
    await phone.getByRole('button', { name: 'Sign in', exact: true }).click()
    await phone.getByTestId(`day-${day(0)}`).getByText('Founder’s day').waitFor()
    await phone.getByTestId('day-event-Review').waitFor()
    await phone.goto('/calendar')
    const card = phone.getByTestId('optional-card')
    await card.getByText('0 of 1 chosen').waitFor()
    await card.getByRole('button', { name: 'Choose Teej' }).click()
    await card.getByText('1 of 1 chosen').waitFor()
    assert.equal(await card.getByRole('button', { name: 'Choose Losar' }).count(), 0)
    assert.equal(await phone.getByRole('button', { name: 'Add an event' }).count(), 0)
    await shot(phone, 'calendar-phone')
  })

  await step('the admin sees what Asha has chosen', async () => {
    await page.goto('/employees/asha.rai')
    await page.getByTestId('optional-card').getByRole('button', { name: 'Take Teej back' }).waitFor()
  })

  await step('a calendar link is made, read without signing in, and switched off', async () => {
    await phone.goto('/account')
    await phone.getByRole('button', { name: 'Make a link: My work' }).click()
    const link = await phone.getByTestId('feed-link').inputValue()
    const answer = await fetch(link)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-type'), 'text/calendar; charset=utf-8')
    const text = await answer.text()
    assert.match(text, /^BEGIN:VCALENDAR\r\n/)
    for (const what of ['SUMMARY:Founder’s day', 'SUMMARY:Review', 'SUMMARY:Teej', 'SUMMARY:Losar (optional\\, not chosen)'])
      assert.ok(text.includes(what), `${what} is not in ${text}`)
    await shot(phone, 'feed-link')
    await phone.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await phone.getByTestId('feed-own').getByText('Link made on').waitFor()
    await phone.getByRole('button', { name: 'Switch the link off: My work' }).click()
    await phone.getByTestId('confirm-yes').click()
    await phone.getByTestId('feed-own').getByText('No link').waitFor()
    assert.equal((await fetch(link)).status, 404)
  })

  await step('a removed holiday is a day of work again', async () => {
    await page.getByRole('link', { name: 'Calendar' }).click()
    await page.getByRole('button', { name: 'Remove Founder’s day' }).click()
    await page.getByTestId('confirm-yes').click()
    await page.getByTestId('event-Founder’s day').waitFor({ state: 'detached' })
    await phone.goto('/')
    await phone.getByTestId(`day-${day(0)}`).waitFor()
    assert.notEqual(await phone.getByTestId(`day-${day(0)}`).getAttribute('data-status'), 'holiday')
  })
}
