// Corrections of a day, and its close: a person asks, their manager sees what
// the day would become and approves, the admin edits, and what is open in the
// end is found on the board.
import assert from 'node:assert/strict'

import { account, setUp, signIn } from './door.mjs'

const secret = 'seven green parrots'

export async function corrections({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 900 } })
  const people = '/api/v1/companies/acme/employees'
  let call
  let day

  await step('an example company has a team, and a day that was recorded', async () => {
    await setUp(office, server, { demo: true })
    await office.getByTestId('demo-banner').waitFor()
    const session = await (await office.request.post('/api/v1/sessions', { data: { ...account } })).json()
    call = async (method, path, data) => {
      const answer = await office.request.fetch(path, {
        method,
        headers: { Authorization: `Bearer ${session.access_token}` },
        ...(data && { data }),
      })
      assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`)
      return answer.json()
    }
    await call('PATCH', `${people}/bina.gurung`, { role: 'manager', password: secret })
    await call('PATCH', `${people}/asha.rai`, { manager: 'bina.gurung', password: secret })
    const month = (value) => call('GET', `${people}/asha.rai/days${value ? `?month=${value}` : ''}`)
    const now = await month()
    const before = new Date(`${now.month}-15T00:00:00Z`)
    before.setUTCMonth(before.getUTCMonth() - 1)
    const days = [...(await month(before.toISOString().slice(0, 7))).days, ...now.days]
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Kathmandu' })
    day = days.filter((one) => one.date < today && one.punches.length >= 2 && one.punches.length % 2 === 0).at(-1)
    assert.ok(day, 'the example has no day that is over')
    day.month = now.month
  })

  const asha = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  const row = (page) => page.getByTestId(`day-${day.date}`)
  const toMonth = async (page) => {
    if (!day.date.startsWith(day.month)) await page.getByRole('button', { name: 'Previous month' }).click()
    await row(page).waitFor()
  }

  await step('a person asks for another time, and sees that it waits', async () => {
    await signIn(asha, 'asha.rai', secret)
    await asha.getByRole('heading', { name: 'My days' }).waitFor()
    await toMonth(asha)
    await row(asha).getByRole('button', { name: /^Ask for a correction of / }).click()
    const dialog = asha.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Send the request' }).click()
    await dialog.getByText('Change a time, or add or remove a punch.').waitFor()
    await dialog.getByTestId('row-exit').last().getByLabel('Time: exit').fill('09:00')
    await dialog.getByLabel('Reason').fill('The door was locked')
    await dialog.getByRole('button', { name: 'Send the request' }).click()
    await dialog.getByRole('alert').waitFor() // it would be an entry
    await dialog.getByTestId('row-exit').last().getByLabel('Time: exit').fill('20:30')
    await dialog.getByRole('button', { name: 'Send the request' }).click()
    await asha.getByText('Your request was sent to Bina Gurung.').waitFor()
    await row(asha).getByText('Correction waits').waitFor()
    await row(asha).getByTestId(`history-${day.date}`).click()
    await row(asha).getByText(/^Move the exit from .* to 20:30$/).waitFor()
  })

  const bina = await device({ viewport: { width: 390, height: 844 } })
  await step('their manager sees the day as it is and would become, and approves', async () => {
    await signIn(bina, 'bina.gurung', secret)
    await bina.getByRole('heading', { name: 'My days' }).waitFor()
    await bina.goto('/to-decide')
    const card = bina.getByTestId('correction-asha.rai')
    await card.getByText('The door was locked').waitFor()
    await card.getByText('When approved').waitFor()
    assert.ok((await card.getByText('20:30').count()) >= 2)
    await card.getByRole('button', { name: 'Approve the correction of Asha Rai' }).click()
    await bina.getByText('The day of Asha Rai was corrected.').waitFor()
    await bina.getByText('Nothing waits for you').waitFor()
  })

  await step('the day counts as corrected, and tells what was before', async () => {
    await asha.reload()
    await toMonth(asha)
    await row(asha).getByTestId(`history-${day.date}`).click()
    await row(asha).getByText('Approved by Bina Gurung').waitFor()
    await row(asha).getByText('Before', { exact: true }).waitFor()
    await row(asha).getByText('Removed or moved').waitFor()
  })

  await step('the admin removes it, and the exit is missing', async () => {
    await office.goto(`/employees/asha.rai?month=${day.date.slice(0, 7)}`)
    await row(office).getByRole('button', { name: /^Edit / }).click()
    const dialog = office.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Remove the exit at 20:30' }).click()
    await dialog.getByLabel('Reason').fill('Bina was mistaken')
    await dialog.getByRole('button', { name: 'Save the day' }).click()
    await office.getByText('The day was corrected.').waitFor()
    await row(office).getByText('Exit missing').waitFor()
    await row(office).getByTestId(`history-${day.date}`).click()
    await row(office).getByText('Reason: Bina was mistaken').waitFor()
  })

  await step('the admin says how days are closed', async () => {
    await office.goto('/settings')
    const card = office.getByTestId('close-card')
    await card.getByLabel('Time of day').fill('03:30')
    await card.getByRole('switch', { name: 'Guess missing exits' }).check()
    await card.getByLabel('Sat').fill('4')
    await card.getByRole('button', { name: 'Save' }).click()
    await office.getByText('Saved', { exact: true }).waitFor()
    const { close } = await call('GET', '/api/v1/companies/acme')
    assert.deepEqual([close.at, close.auto_exit, close.hours_minutes.saturday], ['03:30', true, 240])
  })

  await step('a closed day is guessed, and found on the board', async () => {
    const { closings } = await call('POST', '/api/v1/companies/acme/closings', { from: day.date, to: day.date })
    assert.ok(closings[0].auto_exits.includes('asha.rai'), JSON.stringify(closings))
    await office.goto('/')
    const look = office.getByTestId('open-days')
    await look.getByRole('link', { name: /of Asha Rai$/ }).click()
    await row(office).getByText('Exit guessed').waitFor()
    await row(office).getByText('Taken for granted').waitFor()
  })
}
