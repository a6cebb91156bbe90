// The own account: two-factor sign-in, recovery codes, and where one is
// signed in.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'

import { shot } from './browser.mjs'
import { account, setUp, signIn } from './door.mjs'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

export async function twoFactor({ step, device, server }) {
  const page = await device({ viewport: { width: 1280, height: 900 } })
  let secret = ''
  let recovery = []

  await step('two-factor sign-in is set up with the QR code, a code and recovery codes', async () => {
    await setUp(page, server)
    await page.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await page.getByRole('button', { name: 'Your account' }).click()
    await page.getByRole('menuitem', { name: 'Your account' }).click()
    await page.getByTestId('two-factor-state').getByText('Off').waitFor()
    await shot(page, 'account')
    await page.getByRole('button', { name: 'Set it up' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Password', { exact: true }).fill('not the password')
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await dialog.getByText('This is not your present password.').waitFor()
    await dialog.getByLabel('Password', { exact: true }).fill(account.password)
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await dialog.getByRole('img', { name: 'QR code' }).waitFor()
    secret = (await dialog.getByTestId('two-factor-secret').innerText()).replace(/\s/g, '')
    await dialog.getByLabel('Code').fill('00000')
    await dialog.getByRole('button', { name: 'Turn it on' }).click()
    await dialog.getByText('This code is wrong').waitFor()
    await shot(page, 'set-up')
    await dialog.getByLabel('Code').fill(code(secret, 0))
    await dialog.getByRole('button', { name: 'Turn it on' }).click()
    await dialog.getByTestId('recovery-code').first().waitFor()
    recovery = await dialog.getByTestId('recovery-code').allInnerTexts()
    assert.equal(recovery.length, 10)
    await shot(page, 'recovery')
    await dialog.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByTestId('two-factor-state').getByText('On', { exact: true }).waitFor()
    await page.getByText('10 recovery codes are left.').waitFor()
  })

  await step('signing in asks for the code', async () => {
    await page.getByRole('button', { name: 'Your account' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await signIn(page, account.username, account.password)
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    assert.equal(await page.getByTestId('sign-in-problem').count(), 0)
    await shot(page, 'code')
    await page.getByLabel('Code').fill('123')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByTestId('sign-in-problem').getByText('This code is wrong').waitFor()
    // The step that confirmed is used; a clock may be one ahead.
    await page.getByLabel('Code').fill(code(secret, 1))
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
  })

  const phone = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', userAgent: FIREFOX })

  await step('a recovery code signs in where the app is not at hand', async () => {
    await signIn(phone, account.username, account.password)
    await phone.getByRole('button', { name: 'Use a recovery code' }).click()
    await phone.getByLabel('Recovery code').fill(recovery[0])
    await shot(phone, 'code-phone')
    await phone.getByRole('button', { name: 'Sign in', exact: true }).click()
    await phone.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await phone.goto('/account')
    await phone.getByText('9 recovery codes are left.').waitFor()
    await shot(phone, 'account-phone')
  })

  await step('sessions are listed, and another browser is signed out', async () => {
    await page.goto('/account')
    const here = page.locator('[data-testid=session][data-current=true]')
    const there = page.locator('[data-testid=session][data-current=false]')
    await here.getByText('This device').waitFor()
    await there.getByText('Firefox on Linux').waitFor()
    await there.getByText('127.0.0.1').waitFor()
    assert.equal(await there.count(), 1)
    await shot(page, 'sessions')
    await there.getByRole('button', { name: 'Sign out' }).click()
    await there.waitFor({ state: 'detached' })
    await phone.reload()
    await phone.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  await step('who guesses is asked to wait, in words', async () => {
    const problem = phone.getByTestId('sign-in-problem')
    for (let tries = 0; tries < 10 && !(await problem.getByText('Too many tries').isVisible()); tries++) {
      await phone.getByLabel('Username').fill('nobody')
      await phone.locator('input[type=password]').fill(`wrong ${tries}`)
      const answered = phone.waitForResponse((response) => response.url().endsWith('/sessions'))
      await phone.getByRole('button', { name: 'Sign in', exact: true }).click()
      await answered
      await problem.waitFor()
    }
    await problem.getByText('Too many tries. Wait').waitFor()
    await shot(phone, 'wait-phone')
    await phone.getByRole('button', { name: 'Sign in', exact: true }).and(phone.locator(':enabled')).waitFor()
    assert.equal(await problem.count(), 0)
  })

  await step('the password is changed, and two-factor sign-in turned off', async () => {
    await page.getByLabel('Present password').fill(account.password)
    await page.getByLabel('New password').fill('five loud yaks dance')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('Your password was changed.').waitFor()
    await page.getByRole('button', { name: 'Turn it off' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Password', { exact: true }).fill('five loud yaks dance')
    await dialog.getByLabel('Code from the app').fill(recovery[1])
    await dialog.getByRole('button', { name: 'Turn it off' }).click()
    await page.getByTestId('two-factor-state').getByText('Off').waitFor()
    await signIn(phone, account.username, 'five loud yaks dance')
    await phone.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
  })
}

/** What an authenticator shows (RFC 6238), some steps of 30 seconds from now. */
function code(secret, skew) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + skew))
  const mac = createHmac('sha1', key).update(counter).digest()
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}
