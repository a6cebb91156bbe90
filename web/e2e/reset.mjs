// A forgotten password: the link comes by mail, which lies in the outbox here.
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { shot } from './browser.mjs'
import { account, setUp, signIn } from './door.mjs'

export async function reset({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 800 } })
  const phone = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  const fresh = 'nine slow otters float'
  let link = ''

  await step('the mail address signs in as well as the username', async () => {
    await setUp(office, server)
    await office.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await signIn(phone, 'Admin@Example.com', account.password)
    await phone.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await phone.getByRole('button', { name: 'Your account' }).click()
    await phone.getByRole('menuitem', { name: 'Sign out' }).click()
  })

  await step('nobody learns whether there is an account', async () => {
    await phone.getByRole('link', { name: 'Forgot your password?' }).click()
    await phone.getByRole('button', { name: 'Send the link' }).click()
    await phone.getByText('Please fill this in.').waitFor()
    await phone.getByLabel('Username or e-mail').fill('nobody@example.com')
    await shot(phone, 'forgot-phone')
    await phone.getByRole('button', { name: 'Send the link' }).click()
    await phone.getByRole('heading', { name: 'Look into your mail' }).waitFor()
    await shot(phone, 'forgot-sent-phone')
    assert.deepEqual(await mails(server), [])
    await phone.goto('/forgot')
    await phone.getByLabel('Username or e-mail').fill('admin@example.com')
    await phone.getByRole('button', { name: 'Send the link' }).click()
    await phone.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  })

  await step('the mail brings a link that the log does not know', async () => {
    const [mail] = await patiently(() => mails(server), 1)
    link = /http:\S+\/reset#token=[\w.-]+/.exec(mail)[0]
    assert.match(link, /\/reset#token=acme\.[\w-]{43}$/)
    assert.ok(!server.log().includes(link.split('.').at(-1)), server.log())
  })

  await step('a new password is chosen, and the other devices are out', async () => {
    await phone.goto(link)
    await phone.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    assert.equal(await phone.getByLabel('Your username').inputValue(), account.username)
    await phone.getByLabel('New password').fill('basketball')
    await phone.getByRole('button', { name: 'Change the password' }).click()
    await phone.getByText('stolen most often').waitFor()
    await shot(phone, 'reset-phone')
    await phone.getByLabel('New password').fill(fresh)
    await phone.getByRole('button', { name: 'Change the password' }).click()
    await phone.getByRole('heading', { name: 'Your password was changed' }).waitFor()
    await office.reload()
    await office.getByRole('heading', { name: 'Sign in' }).waitFor()
    await shot(office, 'sign-in')
  })

  await step('a second mail tells of it', async () => {
    const all = await patiently(() => mails(server), 2)
    assert.ok(all.some((mail) => mail.includes('was changed on')), all.join('\n'))
  })

  await step('the new password signs in, and the link is used up', async () => {
    await signIn(phone, account.username, fresh)
    await phone.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await office.goto(link)
    await office.getByRole('heading', { name: 'This link was used already' }).waitFor()
    await shot(office, 'reset-used')
    await office.goto('about:blank')
    await office.goto(link + 'x')
    await office.getByRole('heading', { name: 'This link is not valid any more' }).waitFor()
    await office.getByRole('link', { name: 'Ask for a new link' }).click()
    await office.getByRole('heading', { name: 'Forgot your password?' }).waitFor()
    await shot(office, 'forgot')
  })
}

/** The texts of the mails that were written so far. */
async function mails(server) {
  const outbox = join(server.data, 'outbox')
  const names = await readdir(outbox).catch(() => [])
  const texts = await Promise.all(names.filter((name) => name.endsWith('.eml')).map((name) => readFile(join(outbox, name), 'utf8')))
  // Quoted-printable: long lines are broken, and = is written as =3D.
  return texts.map((text) => text.replace(/=\r?\n/g, '').replace(/=3D/g, '='))
}

/** Asks until there are so many; mails are written after the answer. */
async function patiently(list, count) {
  for (let tries = 0; tries < 100; tries++) {
    const all = await list()
    if (all.length >= count) return all
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`fewer than ${count} mails`)
}
