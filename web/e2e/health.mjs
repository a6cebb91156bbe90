// The admin of the only company looks after the installation: what the doctor
// found, alarms, and a silence with its reason.
import assert from 'node:assert/strict'

import { setUp } from './door.mjs'

export async function health({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 900 } })
  await step('a company is set up', () => setUp(office, server))
  await step('the admin sees how the installation does', async () => {
    await office.getByRole('link', { name: 'Health' }).click()
    await office.getByTestId('overall').waitFor()
    await office.getByTestId('examine').click()
    await office.getByTestId('finding-mail').waitFor()
    assert.notEqual(await office.getByTestId('overall').getAttribute('data-level'), 'fail')
  })
  await step('an alarm is silenced, with a reason, and the silence is ended', async () => {
    await office.getByTestId('calm').click()
    const alarm = office.getByTestId('alarm-store.errors')
    await alarm.getByRole('button', { name: 'Silence' }).click()
    await office.getByTestId('silence').click()
    await office.getByText('Say why.').waitFor()
    await office.getByLabel('Why').fill('A new disk is coming.')
    await office.getByTestId('silence').click()
    await alarm.getByText('A new disk is coming.').waitFor()
    await alarm.getByRole('button', { name: 'End the silence' }).click()
    await alarm.getByText('A new disk is coming.').waitFor({ state: 'hidden' })
  })
}
