// Passkeys, with an authenticator that Chromium makes up (its WebAuthn domain
// of the DevTools protocol): added, used without typing anything, and removed.
import assert from 'node:assert/strict'

import { shot } from './browser.mjs'
import { account, setUp, signIn } from './door.mjs'

export async function passkey({ step, device, server }) {
  // Browsers give no passkeys to an address that is a number.
  const baseURL = server.url.replace('127.0.0.1', 'localhost')
  const page = await device({ baseURL, viewport: { width: 1280, height: 900 } })
  const authenticator = await authenticate(page)
  const card = page.getByTestId('passkeys')

  await step('a page at a numeric address says where passkeys work', async () => {
    const numeric = await device({ viewport: { width: 1280, height: 900 } })
    await setUp(numeric, server)
    await numeric.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await numeric.goto('/account')
    await numeric.getByTestId('passkeys-not-here').getByRole('link', { name: baseURL }).waitFor()
    assert.equal(await numeric.getByRole('button', { name: 'Add a passkey' }).count(), 0)
    // And this is why: the browser itself refuses.
    const refused = await numeric.evaluate(() =>
      navigator.credentials.get({ publicKey: { challenge: new Uint8Array(16) } }).then(
        () => 'taken',
        (error) => error.name,
      ),
    )
    assert.equal(refused, 'SecurityError')
    await shot(numeric, 'passkeys-not-here')
    await numeric.goto('/sign-in')
  })

  await step('a passkey is added with the password', async () => {
    await signIn(page, account.username, account.password)
    await page.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await page.goto('/account')
    await card.getByText('No passkey yet.').waitFor()
    await shot(page, 'passkeys-none')
    await card.getByRole('button', { name: 'Add a passkey' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name of the passkey').fill('Office laptop')
    await dialog.getByLabel('Password', { exact: true }).fill('not the password')
    await dialog.getByRole('button', { name: 'Add a passkey' }).click()
    await dialog.getByText('This is not your present password.').waitFor()
    await dialog.getByLabel('Password', { exact: true }).fill(account.password)
    await shot(page, 'passkey-add')
    await dialog.getByRole('button', { name: 'Add a passkey' }).click()
    await dialog.waitFor({ state: 'detached' })
    await card.getByText('Office laptop').waitFor()
    await card.getByText('Not used yet').waitFor()
    const [made] = await authenticator.credentials()
    assert.equal(made.isResidentCredential, true)
    assert.equal(made.rpId, 'localhost')
  })

  await step('the same device is not given a second one', async () => {
    await card.getByRole('button', { name: 'Add a passkey' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Password', { exact: true }).fill(account.password)
    await dialog.getByRole('button', { name: 'Add a passkey' }).click()
    await dialog.getByText('has a passkey for your account already').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    assert.equal((await authenticator.credentials()).length, 1)
  })

  await step('it is renamed', async () => {
    await card.getByRole('button', { name: 'Rename “Office laptop”' }).click()
    await page.getByRole('dialog').getByLabel('Name of the passkey').fill('Laptop at work')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await card.getByText('Laptop at work').waitFor()
  })

  await step('it signs in without a name, a password or a code', async () => {
    await authenticator.present(false) // until the button is pressed
    await signOut(page)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
    await shot(page, 'sign-in-passkey')
    await authenticator.present(true)
    // The field for the name may have been quicker than the button.
    void page.getByRole('button', { name: 'Sign in with a passkey' }).click().catch(() => {})
    await card.getByText('Last used').waitFor() // where its owner was before
    await shot(page, 'passkeys')
    const [used] = await authenticator.credentials()
    assert.ok(used.signCount > 1)
  })

  await step('the field for the name offers it, too', async () => {
    const answered = page.waitForResponse((response) => response.url().endsWith('/sessions/passkey'))
    await signOut(page, false) // this authenticator takes the first offer
    assert.equal((await answered).status(), 201)
    await card.getByText('Last used').waitFor()
  })

  await step('who is not recognised by the device does not get in', async () => {
    await authenticator.verified(false)
    await authenticator.present(false)
    await signOut(page)
    await authenticator.present(true)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByTestId('passkey-problem').getByText('No passkey was used').waitFor()
    await shot(page, 'sign-in-passkey-problem')
    await authenticator.verified(true)
  })

  await step('a removed passkey is not accepted, and this is told', async () => {
    await authenticator.present(false)
    await signIn(page, account.username, account.password)
    await page.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await page.goto('/account')
    await card.getByRole('button', { name: 'Remove “Laptop at work”' }).click()
    await page.getByTestId('confirm-yes').click()
    await card.getByText('No passkey yet.').waitFor()
    await signOut(page)
    await authenticator.present(true)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByTestId('passkey-problem').getByText('was not accepted').waitFor()
  })

  await step('the pages are as good on a phone in the dark', async () => {
    const phone = await device({ baseURL, viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    await phone.goto('/sign-in')
    await phone.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
    await shot(phone, 'sign-in-phone')
    const other = await authenticate(phone)
    await other.present(false)
    await signIn(phone, account.username, account.password)
    await phone.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await phone.goto('/account')
    await other.present(true)
    await phone.getByRole('button', { name: 'Add a passkey' }).click()
    const dialog = phone.getByRole('dialog')
    assert.match(await dialog.getByLabel('Name of the passkey').inputValue(), /^Chrome on /)
    await shot(phone, 'passkey-add-phone')
    await dialog.getByLabel('Password', { exact: true }).fill(account.password)
    await dialog.getByRole('button', { name: 'Add a passkey' }).click()
    await phone.getByTestId('passkey').waitFor()
    await shot(phone, 'passkeys-phone')
  })
}

async function signOut(page, wait = true) {
  await page.getByRole('button', { name: 'Your account' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  if (wait) await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

/** Gives a page an authenticator that keeps passkeys and knows its owner. */
async function authenticate(page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    /** Whether its owner touches it when asked. */
    present: (enabled) => cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
    /** Whether it recognises its owner. */
    verified: (isUserVerified) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
  }
}
