// The audit log: what was done is told, can be checked and taken along, and
// people see who looked at them. The content security policy holds on the way.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

import { scriptBytes, shot } from './browser.mjs'
import { account, setUp, signIn } from './door.mjs'

export async function audit({ step, device, server, pictures }) {
  const page = await device({ viewport: { width: 1280, height: 900 } })
  const blocked = []
  page.on('console', (message) => {
    if (/Content Security Policy|Content-Security-Policy/.test(message.text())) blocked.push(message.text())
  })
  const entry = (text) => page.getByTestId('audit-entry').filter({ hasText: text }).first()
  let head = ''

  await step('a change is told with what was before and after', async () => {
    await setUp(page, server)
    await page.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await page.getByRole('link', { name: 'Employees', exact: true }).click()
    await page.getByRole('button', { name: 'Add an employee' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await page.locator('input[type=password]').fill('seven calm goats sing')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { name: 'Asha Rai' }).waitFor()
    await page.getByRole('button', { name: 'Record a signed form' }).click()
    await page.getByRole('button', { name: 'The form is signed: record it' }).click()
    await page.locator('[data-testid=consent-card][data-state=given]').waitFor()
    await page.getByTestId('face-files').setInputFiles([pictures.portrait])
    const face = page.getByTestId('face').locator('img')
    await face.waitFor()
    await face.evaluate((image) => image.decode())
    await page.goto('/audit')
    await entry('Acme Foods added Asha Rai').click()
    await page.getByRole('cell', { name: 'active', exact: true }).waitFor()
    await page.getByText('create-employee').waitFor()
    await entry('Acme Foods looked at an enrolment picture of Asha Rai').waitFor()
    await shot(page, 'audit')
    head = await page.getByTestId('audit-head').innerText()
    assert.match(head, /^\d+:[0-9a-f]{64}$/)
  })

  await step('a sign-in in vain is told, and found by a filter', async () => {
    const phone = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    await signIn(phone, 'asha.rai', 'not her password at all')
    await phone.getByTestId('sign-in-problem').waitFor()
    await page.reload()
    await entry('Somebody who was not signed in tried in vain to sign in as Asha Rai').waitFor()
    await page.getByLabel('Who', { exact: true }).fill('nobody-of-that-name')
    await page.getByText('Nothing in the log matches.').waitFor()
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByRole('combobox', { name: 'What' }).click()
    await page.getByRole('option', { name: 'A sign-in failed' }).click()
    await entry('tried in vain').waitFor()
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=audit-entry]').length === 1)
    await page.getByRole('button', { name: 'Clear' }).click()
  })

  await step('the log is checked against a seal that was written down', async () => {
    await page.getByLabel('A seal that you wrote down').fill(head)
    await page.getByRole('button', { name: 'Check the log' }).click()
    await page.getByText(/All \d+ entries are as they were written/).waitFor()
    await page.getByLabel('A seal that you wrote down').fill(`999:${'a'.repeat(64)}`)
    await page.getByRole('button', { name: 'Check the log' }).click()
    await page.getByText(/tampered with at entry/).waitFor()
    await shot(page, 'audit-broken')
  })

  await step('the log is exported', async () => {
    for (const [format, begins] of [['CSV', 'seq,at,'], ['JSON Lines', '{"company":"acme","seq":1,']]) {
      const saved = page.waitForEvent('download')
      await page.getByRole('button', { name: `Export as ${format}` }).click()
      const file = await (await saved).path()
      assert.ok((await readFile(file, 'utf8')).startsWith(begins), format)
    }
  })

  await step('people see who looked at them', async () => {
    const phone = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    await signIn(phone, account.username, account.password)
    await phone.getByRole('button', { name: 'Your account' }).waitFor()
    await phone.goto('/audit')
    await phone.getByTestId('audit-entry').first().waitFor()
    await shot(phone, 'audit-phone')
    const own = await device({ viewport: { width: 390, height: 844 } })
    await signIn(own, 'asha.rai', 'seven calm goats sing')
    await own.getByRole('button', { name: 'Your account' }).click()
    await own.getByRole('menuitem', { name: 'Your account' }).click()
    await own.getByTestId('view').getByText('Acme Foods').waitFor()
    await own.getByTestId('view').getByText('Enrolment picture').waitFor()
    await shot(own, 'views-phone')
    // The aim is 200 kB: words of other pages and notices could come later.
    const bytes = await scriptBytes(own, '/', (page) => page.getByRole('heading', { name: 'My days' }).waitFor())
    assert.ok(bytes <= 250_000, `an employee's first page takes ${bytes} bytes of script`)
  })

  await step('no style or script was blocked', () => {
    assert.deepEqual(blocked, [])
  })
}
