// What people are told by mail: they choose it, the letter comes, and one click
// ends such letters. Mails lie in the outbox here.
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { shot } from './browser.mjs'
import { setUp, signIn } from './door.mjs'

const secret = 'seven green parrots'

export async function mails({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 900 } })
  const phone = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  const stranger = await device({ viewport: { width: 390, height: 844 } })

  await step('the admin chooses how they are told, and in which language', async () => {
    await setUp(office, server)
    await office.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await office.getByRole('button', { name: 'Your account' }).click()
    await office.getByRole('menuitem', { name: 'Notifications' }).click()
    const asked = office.getByRole('radiogroup', { name: 'A question comes in' })
    await asked.getByText('At once').click()
    await office.getByText('Saved').first().waitFor()
    await office.reload()
    assert.ok(await office.getByRole('radiogroup', { name: 'A question comes in' }).getByRole('radio', { name: 'At once' }).isChecked())
    await shot(office, 'notifications-admin')
    await office.goto('/settings')
    const card = office.getByTestId('mail-card')
    await card.getByRole('combobox', { name: 'Language of mails' }).click()
    await office.getByRole('option', { name: /Nepali/ }).click()
    await card.getByRole('button', { name: 'Save' }).click()
    await office.getByText('Saved').first().waitFor()
    await card.scrollIntoViewIfNeeded()
    await shot(office, 'notifications-settings')
  })

  await step('an employee sees their own choices', async () => {
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Add an employee' }).first().click()
    const dialog = office.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await dialog.getByLabel('E-mail').fill('asha@example.com')
    await dialog.locator('input[type=password]').fill(secret)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await office.getByRole('heading', { name: 'Asha Rai' }).waitFor()
    await signIn(phone, 'asha.rai', secret)
    await phone.getByRole('button', { name: 'Your account' }).click()
    await phone.getByRole('menuitem', { name: 'Notifications' }).click()
    await phone.getByText('Letters go to asha@example.com.').waitFor()
    await phone.getByRole('radiogroup', { name: 'Your exit is missing' }).getByText('Daily').click()
    await phone.getByText('Saved').first().waitFor()
    await shot(phone, 'notifications-phone')
  })

  let link = ''
  await step('a question of hers is told the admin in Nepali', async () => {
    await phone.goto('/my-questions')
    await phone.getByLabel('Your question').fill('When is the office open on Saturdays?')
    await phone.getByRole('button', { name: 'Send the question' }).click()
    const mail = await patiently(() => letter(server, 'question_asked'))
    assert.match(mail, /List-Unsubscribe-Post: List-Unsubscribe=One-Click/)
    link = /http:\S+\/unsubscribe#token=[\w.-]+/.exec(mail)[0]
    assert.match(mail, /lang="ne"/)
  })

  await step('a click and a second one end such letters, without signing in', async () => {
    await stranger.goto(link)
    await stranger.getByRole('heading', { name: 'No more of these letters?' }).waitFor()
    await shot(stranger, 'unsubscribe-phone')
    await stranger.getByRole('button', { name: 'Do not send them any more' }).click()
    await stranger.getByRole('heading', { name: 'You get no more of these letters' }).waitFor()
    assert.ok(!server.log().includes(link.split('token=')[1]), 'the log has the link')
    await office.goto('/notifications')
    assert.ok(await office.getByRole('radiogroup', { name: 'A question comes in' }).getByRole('radio', { name: 'Never' }).isChecked())
    await stranger.goto('/unsubscribe#token=nonsense.x')
    await stranger.reload()
    await stranger.getByRole('link', { name: 'Choose what you are told' }).waitFor()
    assert.equal(await stranger.getByRole('button', { name: 'Do not send them any more' }).count(), 0)
  })
}

/** A kind of letter of the outbox, read; undefined while there is none. */
async function letter(server, kind) {
  const dir = join(server.data, 'outbox')
  const name = (await readdir(dir).catch(() => [])).find((one) => one.includes(`-${kind}-`) && one.endsWith('.eml'))
  if (!name) return undefined
  const text = (await readFile(join(dir, name), 'utf8')).replace(/=\r?\n/g, '').replace(/=3D/g, '=')
  return text.replace(/\r\n[ \t]/g, ' ')
}

async function patiently(look) {
  for (let tries = 0; tries < 100; tries++) {
    const found = await look()
    if (found) return found
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('it did not come')
}
