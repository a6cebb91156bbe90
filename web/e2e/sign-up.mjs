// Companies that sign up by themselves: the link comes by mail, which is a file
// where there is no mail server.
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { shot } from './browser.mjs'
import { account, setUp, signIn } from './door.mjs'

const chosen = 'seven green parrots'

export async function signUp({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 900 } })
  let first = ''
  let second = ''

  await step('the sign-in page offers to create a company', async () => {
    await setUp(office, server)
    await office.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    const stranger = await device()
    await stranger.goto('/sign-in')
    await shot(stranger, 'offer')
    await stranger.getByRole('link', { name: 'Create your company' }).click()
    await stranger.getByRole('heading', { name: 'Create your company' }).waitFor()
  })

  const phone = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })

  await step('who asks is told what is missing, and then sent a link', async () => {
    await phone.goto('/sign-up')
    await phone.getByRole('button', { name: 'Send me the link' }).click()
    await phone.getByText('Give the company a name.').waitFor()
    await phone.getByText('Use 2 to 64 small letters').waitFor()
    await shot(phone, 'sign-up-problems')
    await fill(phone, { username: account.username, email: 'asha@example.com' })
    await shot(phone, 'sign-up')
    await phone.getByRole('button', { name: 'Send me the link' }).click()
    await phone.getByRole('heading', { name: 'Look into your mailbox' }).waitFor()
    await phone.getByText('asha@example.com').waitFor()
    await shot(phone, 'sent')
    first = await link(server, [])
    assert.ok(!server.log().includes(first.split('.').at(-1)), server.log())
  })

  await step('the link leads to a password, and a username that is in use to another', async () => {
    await phone.goto(first)
    await phone.getByRole('heading', { name: 'Create Himal Teas' }).waitFor()
    await phone.getByLabel('Password').and(phone.locator('input')).fill('short')
    await phone.getByRole('button', { name: 'Create the company' }).click()
    await phone.getByText('Use at least 10 characters.').waitFor()
    await phone.locator('input[type=password]').fill(chosen)
    await phone.getByRole('button', { name: 'Create the company' }).click()
    await phone.getByText('This username is in use. Choose another one.').waitFor()
    await shot(phone, 'taken')
    await phone.getByLabel('Username').fill('himal')
    await phone.getByRole('button', { name: 'Create the company' }).click()
    await phone.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
  })

  await step('the new company is there, and sees nothing of the other', async () => {
    await phone.goto('/settings')
    assert.equal(await phone.getByLabel('Name', { exact: true }).inputValue(), 'Himal Teas')
    const again = await device()
    await signIn(again, 'himal', chosen)
    await again.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
  })

  await step('a link that was used, or is none, says so', async () => {
    const stranger = await device()
    await stranger.goto(first)
    await stranger.getByRole('heading', { name: 'This company is there already' }).waitFor()
    await shot(stranger, 'used')
    await stranger.goto('about:blank')
    await stranger.goto(`${first}x`)
    await stranger.getByRole('heading', { name: 'This link is not valid' }).waitFor()
    await stranger.getByRole('link', { name: 'Sign up again' }).click()
    await fill(stranger, { username: 'ganga', email: 'bina@example.com' })
    await stranger.getByRole('button', { name: 'Send me the link' }).click()
    await stranger.getByRole('heading', { name: 'Look into your mailbox' }).waitFor()
    second = await link(server, [first])
    await stranger.goto(second)
    await stranger.locator('input[type=password]').fill(chosen)
    await shot(stranger, 'confirm')
    await stranger.getByRole('button', { name: 'Create the company' }).click()
    await stranger.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
  })
}

signUp.flags = ['--open-sign-up']

async function fill(page, { username, email }) {
  await page.getByLabel('Name of the company').fill('Himal Teas')
  await page.getByRole('combobox', { name: 'Time zone' }).click()
  await page.getByRole('combobox', { name: 'Time zone' }).fill('kathmandu')
  await page.getByRole('option', { name: 'Asia/Kathmandu' }).click()
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('E-mail').fill(email)
}

/** The link of a mail in the outbox that is none of those known; it goes out after the answer. */
async function link(server, known) {
  const outbox = join(server.data, 'outbox')
  for (;;) {
    for (const name of await readdir(outbox).catch(() => [])) {
      if (!name.endsWith('.eml')) continue
      // Quoted-printable: long lines are broken by "=" at their end.
      const letter = (await readFile(join(outbox, name), 'utf8')).replace(/=\r?\n/g, '').replace(/=3D/g, '=')
      const found = /\/sign-up\/confirm#token=[\w.-]+/.exec(letter)
      if (found && !known.includes(found[0])) return found[0]
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
