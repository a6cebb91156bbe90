// Who sees what: the admin gives roles, a manager sees their team, an auditor
// the company without any control. Nobody is shown what would be refused.
import assert from 'node:assert/strict'

import { setUp, signIn } from './door.mjs'

const secret = 'seven green parrots'

export async function roles({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 900 } })
  const refused = []
  const watch = (page, who) =>
    page.on('response', (response) => {
      if (response.status() === 403) refused.push(`${who}: ${response.request().method()} ${response.url()}`)
    })
  watch(office, 'admin')
  const dialog = office.getByRole('dialog')
  const choose = async (label, option) => {
    await dialog.getByRole('combobox', { name: label }).click()
    await office.getByRole('option', { name: option }).click()
  }
  const add = async (name, { role, manager } = {}) => {
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Add an employee' }).first().click()
    await dialog.getByLabel('Name', { exact: true }).fill(name)
    if (role) await choose('Role', role)
    if (manager) await choose('Manager (optional)', manager)
    await dialog.locator('input[type=password]').fill(secret)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await office.getByRole('heading', { name }).waitFor()
  }

  await step('the admin adds a manager, their people and an auditor', async () => {
    await setUp(office, server)
    await add('Mona Lama', { role: 'Manager' })
    await add('Asha Rai', { manager: 'Mona Lama' })
    await office.getByText('reports to Mona Lama').waitFor()
    await add('Bina Gurung')
    await add('Anil Joshi', { role: 'Auditor' })
    await office.getByText('An auditor has no attendance').waitFor()
    assert.equal(await office.getByTestId('pin-card').count(), 0)
  })

  await step('the list shows roles, and one of them alone', async () => {
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByTestId('employee-mona.lama').getByText('Manager').waitFor()
    await office.getByTestId('employee-anil.joshi').getByText('Auditor').waitFor()
    await office.getByRole('combobox', { name: 'Role' }).click()
    await office.getByRole('option', { name: 'Auditor' }).click()
    await office.getByTestId('employee-mona.lama').waitFor({ state: 'detached' })
    assert.equal(await office.locator('[data-testid^=employee-]').count(), 1)
  })

  const mona = await device({ viewport: { width: 390, height: 844 } })
  watch(mona, 'manager')

  await step('a manager sees their own days, and their team', async () => {
    await signIn(mona, 'mona.lama', secret)
    await mona.getByRole('heading', { name: 'My days' }).waitFor()
    await mona.getByRole('button', { name: 'Menu' }).click()
    await mona.getByRole('link', { name: 'My team' }).click()
    await mona.getByTestId('board-entry-asha.rai').waitFor()
    await mona.getByTestId('board-entry-mona.lama').waitFor()
    assert.equal(await mona.locator('[data-testid^=board-entry-]').count(), 2)
    await mona.getByRole('link', { name: 'Asha Rai' }).click()
    await mona.getByRole('heading', { name: 'Asha Rai' }).waitFor()
    await mona.getByRole('heading', { name: 'Days', exact: true }).waitFor()
    for (const name of ['Edit', 'Deactivate', 'Set a PIN', 'Sign out everywhere'])
      assert.equal(await mona.getByRole('button', { name }).count(), 0, name)
    await mona.locator('main').getByRole('link', { name: 'My team' }).click()
    await mona.getByTestId('board-entry-asha.rai').waitFor()
    assert.deepEqual(refused, [])
  })

  await step('and nobody else', async () => {
    for (const path of ['/employees', '/kiosks', '/settings']) {
      await mona.goto(path)
      await mona.getByRole('heading', { name: 'My days' }).waitFor()
    }
    assert.deepEqual(refused, [])
    await mona.goto('/employees/bina.gurung')
    await mona.getByRole('heading', { name: 'This person does not report to you' }).waitFor()
    refused.length = 0 // she typed the address herself
  })

  const anil = await device({ viewport: { width: 1280, height: 900 }, colorScheme: 'dark' })
  watch(anil, 'auditor')

  await step('an auditor reads everything, and finds nothing to change', async () => {
    await signIn(anil, 'anil.joshi', secret)
    await anil.getByTestId('board-entry-asha.rai').waitFor()
    assert.equal(await anil.getByTestId('board-entry-anil.joshi').count(), 0)
    const buttons = async (...allowed) => {
      const all = await anil.locator('main').getByRole('button').allInnerTexts()
      return all.map((text) => text.trim()).filter((text) => text && !allowed.some((one) => one.test(text)))
    }
    assert.deepEqual(await buttons(/In$|Left$|Not yet seen$|People$/), [])
    await anil.getByRole('link', { name: 'Employees', exact: true }).click()
    await anil.getByTestId('employee-bina.gurung').waitFor()
    assert.deepEqual(await buttons(), [])
    await anil.getByRole('link', { name: 'Asha Rai' }).click()
    await anil.getByRole('heading', { name: 'Asha Rai' }).waitFor()
    await anil.getByRole('heading', { name: 'Days', exact: true }).waitFor()
    // The month, and what only opens more to read.
    assert.deepEqual(await buttons(/\d{4}$/, /^Show the days to come$/, /^Ledger$/, /^History$/, /^Time sheet$/), [])
    await anil.getByRole('link', { name: 'Kiosks' }).click()
    await anil.getByRole('heading', { name: 'No kiosks yet' }).waitFor()
    assert.deepEqual(await buttons(), [])
    await anil.getByRole('link', { name: 'Settings' }).click()
    await anil.getByTestId('settings-facts').getByText('Asia/Kathmandu').waitFor()
    assert.deepEqual(await buttons(), [])
    assert.equal(await anil.locator('main').getByRole('textbox').count(), 0)
    await anil.goto('/account')
    await anil.getByRole('heading', { name: 'Two-factor sign-in' }).waitFor()
    assert.deepEqual(refused, [])
  })

  await step('another role ends the sessions of the one before', async () => {
    await office.getByRole('combobox', { name: 'Role' }).click()
    await office.getByRole('option', { name: 'All roles' }).click()
    await office.getByRole('link', { name: 'Mona Lama' }).click()
    await office.getByTestId('team-card').getByRole('link', { name: 'Asha Rai' }).waitFor()
    await office.getByRole('button', { name: 'Edit', exact: true }).click()
    await choose('Role', 'Employee')
    await dialog.getByText('signs Mona Lama out everywhere').waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await office.getByTestId('team-lost').waitFor()
    await mona.goto('/team')
    await mona.getByRole('heading', { name: 'Sign in' }).waitFor()
    await signIn(mona, 'mona.lama', secret)
    await mona.getByRole('heading', { name: 'My days' }).waitFor()
    await mona.goto('/team')
    await mona.getByRole('heading', { name: 'My days' }).waitFor()
  })

  await step('whose manager is none any more is shown to the admin, who chooses another', async () => {
    await office.goto('/employees/asha.rai') // a click would miss while the page settles
    await office.getByTestId('lost-manager-hint').getByText('Mona Lama is not an active manager any more').waitFor()
    await office.getByRole('link', { name: 'All employees' }).click()
    await office.getByTestId('employee-asha.rai').getByTestId('lost-manager').waitFor()
    await add('Lena Rana', { role: 'Manager' })
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('link', { name: 'Asha Rai' }).click()
    await office.getByRole('button', { name: 'Edit', exact: true }).click()
    await choose('Manager (optional)', 'Lena Rana')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await office.getByText('reports to Lena Rana').waitFor()
    assert.deepEqual(refused, [])
  })

  await step('an invited auditor is not asked about their face', async () => {
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Invite', exact: true }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('Om Acharya')
    await choose('Role', 'Auditor')
    assert.equal(await dialog.getByRole('combobox', { name: 'Manager' }).count(), 0)
    await dialog.getByRole('button', { name: 'Invite' }).click()
    const link = await office.getByTestId('link').inputValue()
    const om = await device()
    await om.goto(link)
    await om.getByText('change nothing').waitFor()
    assert.equal(await om.getByRole('radio').count(), 0)
    await om.locator('input[type=password]').fill(secret)
    await om.getByRole('button', { name: 'Join' }).click()
    await om.getByRole('heading', { name: 'You are in' }).waitFor()
    await signIn(om, 'om.acharya', secret)
    await om.getByRole('heading', { name: 'Today' }).waitFor()
  })
}
