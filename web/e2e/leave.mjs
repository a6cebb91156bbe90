// Leave, from its rules to a day off: the admin says what is given, a person
// asks, their manager decides, and what is cancelled comes back.
import assert from 'node:assert/strict'

import { gregorian, setUp, signIn } from './door.mjs'

const secret = 'seven green parrots'

/** The first Monday at least a week ahead whose week is within one month. */
function monday() {
  const day = new Date(Date.now() + 8 * 86_400_000)
  while (day.getUTCDay() !== 1 || day.getUTCDate() > 20) day.setUTCDate(day.getUTCDate() + 1)
  return day
}

export async function leave({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 900 } })
  const dialog = office.getByRole('dialog')
  const from = monday()
  const to = new Date(from.getTime() + 2 * 86_400_000)
  const iso = from.toISOString().slice(0, 10)
  const label = (day) => day.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  const add = async (name, role, manager) => {
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Add an employee' }).first().click()
    await dialog.getByLabel('Name', { exact: true }).fill(name)
    for (const [field, option] of [['Role', role], ['Manager (optional)', manager]]) {
      if (!option) continue
      await dialog.getByRole('combobox', { name: field }).click()
      await office.getByRole('option', { name: option }).click()
    }
    await dialog.locator('input[type=password]').fill(secret)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await office.getByRole('heading', { name }).waitFor()
  }
  /** Chooses dates in the calendar that is open, in whatever month they are. */
  const pick = async (page, days) => {
    for (const day of days) {
      const name = label(day)
      for (let months = 0; months < 3; months++) {
        if (await page.getByRole('button', { name, exact: true }).count()) break
        await page.locator('button[data-direction=next]').click()
      }
      await page.getByRole('button', { name, exact: true }).click()
    }
  }

  await step('the admin says when the leave year begins, and what is given', async () => {
    await setUp(office, server)
    await gregorian(office)
    await add('Mona Lama', 'Manager')
    await add('Asha Rai', undefined, 'Mona Lama')
    await office.getByRole('link', { name: 'Leave', exact: true }).click()
    await office.getByText('No kind of leave yet').waitFor()
    await office.getByTestId('year-card').getByText('Begins on 1 Shrawan').waitFor()
    await office.getByRole('button', { name: 'Add a kind of leave' }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('Annual leave')
    await dialog.getByLabel('Days a year').fill('10')
    await dialog.getByRole('switch', { name: 'Who comes or goes' }).uncheck()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await office.getByTestId('type-Annual leave').getByText('10 days, at the start of the year, half-days').waitFor()
  })

  const asha = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  const card = asha.getByTestId('balance-Annual leave')
  const available = (amount) => card.getByTestId('available').getByText(amount, { exact: true }).waitFor()

  await step('a person sees what they have, and what a leave would take', async () => {
    await signIn(asha, 'asha.rai', secret)
    await asha.getByRole('heading', { name: 'My days' }).waitFor()
    await asha.goto('/leave')
    await available('10')
    await asha.getByRole('button', { name: 'Ask for leave' }).click()
    await asha.getByRole('button', { name: 'Dates' }).click()
    await pick(asha, [from, to])
    await asha.getByTestId('preview').getByText('This takes 3 days. 7 days are left then.').waitFor()
    await asha.getByRole('checkbox', { name: 'End at midday' }).check()
    await asha.getByTestId('preview').getByText('This takes 2.5 days. 7.5 days are left then.').waitFor()
    await asha.getByLabel('Reason').fill('My sister marries')
    await asha.getByRole('button', { name: 'Send the request' }).click()
    await asha.getByText('Your request was sent to Mona Lama.').waitFor()
    await available('7.5')
    await asha.getByTestId(`request-${iso}`).getByText('Waiting', { exact: true }).waitFor()
  })

  await step('the same dates are refused with words', async () => {
    await asha.getByRole('button', { name: 'Ask for leave' }).click()
    await asha.getByRole('button', { name: 'Dates' }).click()
    await pick(asha, [from, from])
    await asha.getByTestId('preview').getByText('There is leave on').waitFor()
    assert.ok(await asha.getByRole('button', { name: 'Send the request' }).isDisabled())
    await asha.getByRole('button', { name: 'Close' }).click()
  })

  const mona = await device({ viewport: { width: 1280, height: 900 } })

  await step('the manager sees what helps to decide, and approves', async () => {
    await signIn(mona, 'mona.lama', secret)
    await mona.getByRole('link', { name: 'To decide' }).click()
    const request = mona.getByTestId('waiting-asha.rai')
    await request.getByText('My sister marries').waitFor()
    await request.getByText('7.5 days').waitFor()
    await request.getByText('No colleague is away.').waitFor()
    await request.getByRole('button', { name: 'Approve the leave of Asha Rai' }).click()
    await mona.getByText('Nothing waits for you').waitFor()
  })

  await step('balance, calendar, history and the days show it', async () => {
    await asha.reload()
    await asha.getByTestId(`request-${iso}`).getByText('Approved', { exact: true }).waitFor()
    await card.getByTestId('taken').getByText('2.5', { exact: true }).waitFor()
    await asha.getByTestId(`request-${iso}`).getByRole('button', { name: 'History' }).click()
    await asha.getByText('by Mona Lama').waitFor()
    await mona.getByRole('link', { name: 'Leave', exact: true }).click()
    const next = mona.getByTestId('team-calendar').getByRole('button', { name: 'The month after' })
    const month = from.toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
    while (!(await mona.getByTestId('team-calendar').getByText(month).count())) await next.click()
    await mona.getByTestId('team-calendar').getByRole('rowheader', { name: 'Asha Rai' }).waitFor()
    assert.equal(await mona.getByTestId('team-calendar').locator('td').getByRole('img').count(), 3)
    assert.equal(await mona.getByText('My sister marries').count(), 0)
    await asha.goto('/')
    const on = (date) => asha.getByTestId(`day-${date.toISOString().slice(0, 10)}`)
    const shown = asha.getByRole('button', { name: month })
    while (!(await shown.count())) {
      await asha.getByRole('button', { name: 'Next month' }).click()
      await asha.waitForLoadState('networkidle')
    }
    await asha.getByRole('button', { name: 'Show the days to come' }).click()
    await on(from).getByText('On leave', { exact: true }).waitFor()
    await on(to).getByText('First half on leave').waitFor()
    await asha.goto('/leave')
  })

  await step('cancelled, the days come back', async () => {
    await asha.getByRole('button', { name: 'Cancel the leave of' }).click()
    await asha.getByTestId('confirm-yes').click()
    await asha.getByTestId(`request-${iso}`).getByText('Cancelled', { exact: true }).waitFor()
    await available('10')
    await card.getByRole('button', { name: 'Ledger' }).click()
    await asha.getByTestId('ledger').getByText('Leave given back').waitFor()
    await asha.getByRole('button', { name: 'Close' }).click()
  })

  await step('the admin sees every request, and adjusts a balance', async () => {
    await office.getByRole('tab', { name: 'All requests' }).click()
    await office.getByTestId('all-requests').getByText('Asha Rai:').waitFor()
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('link', { name: 'Asha Rai' }).click()
    const person = office.getByTestId('person-leave')
    await person.getByRole('button', { name: 'Adjust' }).click()
    await dialog.getByLabel('Days', { exact: true }).fill('1.5')
    await dialog.getByLabel('Reason').fill('Worked on a holiday')
    await dialog.getByRole('button', { name: 'Adjust' }).click()
    await person.getByTestId('available').getByText('11.5', { exact: true }).waitFor()
  })
}
