// The example company: filled at set-up, and removed in one step.
import assert from 'node:assert/strict'

import { setUp } from './door.mjs'

export async function demo({ step, device, server }) {
  const page = await device()

  await step('an example company has 25 people on its board', async () => {
    await setUp(page, server, { demo: true })
    await page.getByTestId('demo-banner').waitFor()
    await page.locator('[data-testid^=board-entry-]').first().waitFor()
    assert.equal(await page.locator('[data-testid^=board-entry-]').count(), 25)
  })

  await step('the board can be searched', async () => {
    const first = page.locator('[data-testid^=board-entry-]').first()
    const name = await first.getByRole('link').innerText()
    await page.getByLabel('Search a name or department').fill(name)
    assert.equal(await page.locator('[data-testid^=board-entry-]').count(), 1)
    await page.getByLabel('Search a name or department').fill('nobody at all')
    await page.getByText('Nobody matches.').waitFor()
    await page.getByRole('button', { name: 'Show everybody' }).last().click()
    assert.equal(await page.locator('[data-testid^=board-entry-]').count(), 25)
  })

  await step('the enrolled faces are compared, and too few to propose a threshold', async () => {
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    await page.getByRole('link', { name: 'Calibrate on the enrolled faces' }).click()
    await page.getByRole('img', { name: /The threshold in force is 0\.500/ }).waitFor()
    await page.getByTestId('operating-points').getByText('It takes 2000 comparisons').waitFor()
    await page.getByRole('link', { name: 'Today', exact: true }).click()
  })

  await step('the example is removed, and set-up begins anew', async () => {
    await page.getByRole('button', { name: 'Remove the example data' }).click()
    await page.getByTestId('confirm-yes').click()
    await page.getByRole('heading', { name: 'Set up Hajir' }).waitFor()
    await page.getByLabel('Name of the company').waitFor()
  })
}
