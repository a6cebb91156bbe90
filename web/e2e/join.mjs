// How people get in: the admin invites them, they follow the link elsewhere,
// and become employees.
import assert from 'node:assert/strict'

import { setUp, signIn } from './door.mjs'

const chosen = 'seven green parrots'

export async function join({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 800 } })
  const waiting = (username) => office.getByTestId(`invitation-${username}`)
  let link = ''

  await step('the admin invites a person and gets the link', async () => {
    await setUp(office, server)
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Invite', exact: true }).click()
    await office.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await office.getByLabel('E-mail').fill('asha@example.com')
    assert.equal(await office.getByLabel('Username').inputValue(), 'asha.rai')
    await office.getByRole('dialog').getByRole('button', { name: 'Invite' }).click()
    await office.getByTestId('link-card').getByText('no mail server').waitFor()
    link = await office.getByTestId('link').inputValue()
    assert.match(link, /\/join#token=asha\.rai\.[\w-]{43}$/)
    await office.getByRole('button', { name: 'Done' }).click()
    await waiting('asha.rai').getByText('No mail server').waitFor()
  })

  await step('the program tells nobody the link', () => {
    assert.match(server.log(), /no mail server is configured/)
    assert.ok(!server.log().includes(link.split('.').at(-1)), server.log())
  })

  await step('a file is looked at first, and then invited', async () => {
    await office.getByRole('button', { name: 'Import' }).click()
    const csv = 'username,name,email\nbina,Bina,\nchet,Chet,nowhere\nasha.rai,Asha,\n'
    await office
      .locator('input[type=file]')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await office.getByText('1 person can be invited.').waitFor()
    assert.equal(await office.getByTestId('import-refused').count(), 2)
    await office.getByRole('button', { name: 'Invite 1 person' }).click()
    await office.getByTestId('import-report').getByText('1 person was invited.').waitFor()
    const download = office.waitForEvent('download')
    await office.getByRole('link', { name: 'Download the links' }).click()
    assert.equal((await download).suggestedFilename(), 'links.csv')
    await office.getByRole('button', { name: 'Done' }).click()
    await waiting('bina').getByText('No mail address').waitFor()
  })

  const phone = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })

  await step('the person is told who asks, and what a password needs', async () => {
    await phone.goto(link)
    await phone.getByRole('heading', { name: 'Join Acme Foods' }).waitFor()
    await phone.getByText('this is biometric data').waitFor()
    assert.equal(await phone.getByLabel('Your username').inputValue(), 'asha.rai')
    await phone.getByRole('button', { name: 'Join' }).click()
    await phone.getByText('Please choose one of the two.').waitFor()
    await phone.getByText('Use at least 10 characters.').waitFor()
    await phone.locator('input[type=password]').fill('basketball')
    await phone.getByLabel('No, I will use a PIN').check()
    await phone.getByRole('button', { name: 'Join' }).click()
    await phone.getByText('stolen most often').waitFor()
  })

  await step('the person declines, joins and signs in', async () => {
    await phone.locator('input[type=password]').fill(chosen)
    await phone.getByRole('button', { name: 'Join' }).click()
    await phone.getByRole('heading', { name: 'You are in' }).waitFor()
    await phone.getByRole('link', { name: 'Sign in' }).click()
    await signIn(phone, 'asha.rai', chosen)
    await phone.getByRole('heading', { name: 'My days' }).waitFor()
  })

  await step('the link does not work again', async () => {
    const thief = await device()
    await thief.goto(link)
    await thief.getByRole('heading', { name: 'You have joined already' }).waitFor()
    await thief.goto('about:blank')
    await thief.goto(link + 'x')
    await thief.getByRole('heading', { name: 'This link is not valid any more' }).waitFor()
  })

  await step('the admin sees the employee, and who still waits', async () => {
    await office.reload()
    await office.getByTestId('employee-asha.rai').waitFor()
    await waiting('bina').waitFor()
    assert.equal(await waiting('asha.rai').count(), 0)
    await office.getByRole('link', { name: 'Asha Rai' }).click()
    await office.getByText('declined face recognition').waitFor()
    await office.getByRole('link', { name: 'All employees' }).click()
  })

  await step('a new link kills the old one, and a withdrawn one is dead', async () => {
    await office.getByRole('button', { name: 'New link for Bina' }).click()
    const first = await office.getByTestId('link').inputValue()
    await office.getByRole('button', { name: 'Done' }).click()
    await office.getByRole('button', { name: 'New link for Bina' }).click()
    await office.getByTestId('link').waitFor()
    const second = await office.getByTestId('link').inputValue()
    await office.getByRole('button', { name: 'Done' }).click()
    assert.notEqual(first, second)
    const bina = await device()
    await bina.goto(first)
    await bina.getByRole('heading', { name: 'This link is not valid any more' }).waitFor()
    await bina.goto('about:blank')
    await bina.goto(second)
    await bina.getByRole('heading', { name: 'Join Acme Foods' }).waitFor()
    await office.getByRole('button', { name: 'Withdraw the invitation of Bina' }).click()
    await office.getByTestId('confirm-yes').click()
    await office.getByTestId('waiting').waitFor({ state: 'detached' })
    await bina.locator('input[type=password]').fill(chosen)
    await bina.getByLabel('Yes, recognise my face').check()
    await bina.getByRole('button', { name: 'Join' }).click()
    await bina.getByRole('heading', { name: 'This link is not valid any more' }).waitFor()
  })
}
