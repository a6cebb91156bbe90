// Shifts: one is made, becomes everybody's week, is changed for one day, and the
// month and the board say what that comes to.
import assert from 'node:assert/strict'

import { shot } from './browser.mjs'
import { setUp } from './door.mjs'

export async function shifts({ step, device, server }) {
  const page = await device({ viewport: { width: 1280, height: 900 } })

  await step('days off and the bound of queued punches are settings', async () => {
    await setUp(page, server)
    await page.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await page.getByRole('link', { name: 'Settings' }).click()
    assert.equal(await page.getByRole('checkbox', { name: 'Sat' }).isChecked(), true)
    await page.getByText('Fri', { exact: true }).click()
    await page.getByLabel('Queued punches').fill('12')
    await page.getByTestId('settings-form').getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    await page.reload()
    await page.getByLabel('Queued punches').waitFor()
    assert.equal(await page.getByLabel('Queued punches').inputValue(), '12 h')
    assert.equal(await page.getByRole('checkbox', { name: 'Fri' }).isChecked(), true)
  })

  await step('a shift is made; a wrong one is refused in words', async () => {
    await page.getByRole('link', { name: 'Shifts' }).click()
    await page.getByRole('heading', { name: 'No shifts yet' }).waitFor()
    await page.getByRole('button', { name: 'Add a shift' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).first().fill('Night')
    await dialog.getByLabel('Start', { exact: true }).fill('22:00')
    await dialog.getByLabel(/^End/).fill('06:00')
    await dialog.getByText('End (on the next day)').waitFor()
    await dialog.getByLabel('A full day takes at least').fill('700')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('A full day can ask for at most the shift').waitFor()
    await dialog.getByLabel('A full day takes at least').fill('420')
    await dialog.getByRole('button', { name: 'Add a break' }).click()
    await dialog.getByLabel('From', { exact: true }).fill('01:00')
    await dialog.getByLabel('To', { exact: true }).fill('01:30')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByTestId('shift-Night').getByText('22:00–06:00', { exact: true }).waitFor()
    await page.getByTestId('shift-Night').getByText('7 h 30 min of work, over midnight').waitFor()
    await shot(page, 'shift')
  })

  await step('a copy is another shift, and can be removed while nobody has it', async () => {
    await page.getByTestId('shift-Night').getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    const copy = page.getByTestId('shift-Night (copy)')
    await copy.getByRole('button', { name: 'Remove' }).click()
    await page.getByTestId('confirm-yes').click()
    await copy.waitFor({ state: 'detached' })
  })

  await step('an employee elsewhere has their own time zone', async () => {
    await page.getByRole('link', { name: 'Employees' }).click()
    await page.getByRole('button', { name: 'Add an employee' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await page.getByLabel('Department').fill('Guards')
    await page.getByRole('combobox', { name: 'Time zone' }).click()
    await page.getByRole('combobox', { name: 'Time zone' }).fill('kolkata')
    await page.getByRole('option', { name: 'Asia/Kolkata' }).click()
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { name: 'Asha Rai' }).waitFor()
  })

  await step('a weekly pattern is made and assigned', async () => {
    await page.goto('/shifts?tab=weeks')
    await page.getByRole('button', { name: 'Add a pattern' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('Nights')
    // The company's days off are suggested.
    assert.equal(await dialog.getByRole('combobox', { name: 'Fri' }).inputValue(), 'Off')
    await dialog.getByRole('combobox', { name: 'Fri' }).click()
    await page.getByRole('option', { name: 'Night' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByTestId('pattern-Nights').getByText('Night', { exact: true }).nth(5).waitFor()
    await page.getByRole('button', { name: 'Assign' }).click()
    await dialog.getByText('A department').click()
    await dialog.getByRole('combobox', { name: 'Department' }).fill('Guards')
    await dialog.getByRole('button', { name: 'Assign' }).click()
    await page.getByTestId('assignment').getByText('Guards').waitFor()
    await shot(page, 'weeks')
  })

  await step('a shift in use is not removed', async () => {
    await page.goto('/shifts')
    await page.getByTestId('shift-Night').getByRole('button', { name: 'Remove' }).click()
    await page.getByTestId('confirm-yes').click()
    await page.getByRole('dialog').getByText('Nights has this shift').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  })

  await step('one day of the roster is changed, and put back', async () => {
    await page.goto('/shifts?tab=roster')
    await page.getByRole('button', { name: 'Next week' }).click()
    const cell = page.locator('[data-testid^="cell-Asha Rai-"]').nth(2)
    await cell.getByText('Night').waitFor()
    await cell.click()
    await page.getByRole('menuitem', { name: 'Off', exact: true }).click()
    await cell.getByText('Off').waitFor()
    await cell.and(page.locator('[data-changed]')).waitFor()
    await shot(page, 'roster')
    await cell.click()
    await page.getByRole('menuitem', { name: 'As the pattern says' }).click()
    await cell.getByText('Night').waitFor()
  })

  await step('the month shows the days to come with their shift', async () => {
    await page.goto('/employees/asha.rai')
    const days = page.locator('[data-testid^="day-"]')
    await days.first().waitFor()
    await page.getByRole('button', { name: 'Next month' }).click()
    await page.getByRole('button', { name: 'Show the days to come' }).click()
    await days.nth(27).waitFor()
    await page.locator('[data-status=expected]').first().getByText('Night 22:00–06:00').waitFor()
    await page.locator('[data-status=weekly_off]').first().waitFor()
    await shot(page, 'month')
  })

  await step('the board says who is off or expected', async () => {
    await page.goto('/')
    await page.getByTestId('board-entry-asha.rai').getByText(/Expected|Day off|Not here yet|Absent/).waitFor()
  })
}
