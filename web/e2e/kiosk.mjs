// A kiosk that nobody signs in on: paired by a code, used with a PIN by one
// whom the camera does not know, and held to its network and place.
import assert from 'node:assert/strict'

import { scriptBytes } from './browser.mjs'
import { setUp } from './door.mjs'

export async function kiosk({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 800 } })
  // Its script is weighed as it comes over the line, which is not from the app's own store.
  const tablet = await device({ viewport: { width: 800, height: 1100 }, hasTouch: true, serviceWorkers: 'block' })

  await step('an employee declines her picture, and gets a PIN', async () => {
    await setUp(office, server)
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Add an employee' }).first().click()
    await office.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await office.getByLabel('Code').fill('E-7')
    await office.getByRole('button', { name: 'Add', exact: true }).click()
    await office.getByRole('heading', { name: 'Asha Rai' }).waitFor()
    await office.getByRole('button', { name: 'Set a PIN' }).click()
    await office.getByLabel('New PIN').fill('1234')
    await office.getByRole('button', { name: 'Save' }).click()
    await office.getByText('too easy to guess').waitFor()
    await office.getByLabel('New PIN').fill('2580')
    await office.getByRole('button', { name: 'Save' }).click()
    await office.locator('[data-testid=pin-state][data-set=true]').waitFor()
  })

  await step('a code that was given to somebody is refused to another', async () => {
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Add an employee' }).first().click()
    await office.getByLabel('Name', { exact: true }).fill('Bina Gurung')
    await office.getByLabel('Code').fill('e-7')
    await office.getByRole('button', { name: 'Add', exact: true }).click()
    await office.getByText(/Asha Rai's already/).waitFor()
    await office.keyboard.press('Escape')
  })

  let code = ''
  await step('a device that is not signed in shows a code', async () => {
    await tablet.goto('/kiosk')
    await tablet.locator('[data-testid=pairing-code]:not([data-code=""])').waitFor()
    code = await tablet.getByTestId('pairing-code').getAttribute('data-code')
    assert.match(code, /^[2-9A-HJKMNP-TV-Z]{8}$/)
    assert.match(await tablet.getByTestId('pairing-code').innerText(), new RegExp(`${code.slice(0, 4)}\\s*-\\s*${code.slice(4)}`))
  })

  await step('a wrong code is told in plain words', async () => {
    await office.getByRole('link', { name: 'Kiosks' }).click()
    await office.getByRole('heading', { name: 'No kiosks yet' }).waitFor()
    await office.getByRole('button', { name: 'Pair a device' }).click()
    await office.getByLabel('Code on the device').fill('2222')
    await office.getByLabel('Name of the place').fill('Gate')
    await office.getByRole('button', { name: 'Pair', exact: true }).click()
    await office.getByText('Enter the eight characters').waitFor()
    await office.getByLabel('Code on the device').fill('2222-2222')
    await office.getByRole('button', { name: 'Pair', exact: true }).click()
    await office.getByTestId('pair-problem').getByText('No device shows this code').waitFor()
  })

  await step('the admin enters the code, and the device becomes the kiosk', async () => {
    await office.getByLabel('Code on the device').fill(`${code.slice(0, 4).toLowerCase()} ${code.slice(4)}`)
    await office.getByRole('button', { name: 'Pair', exact: true }).click()
    await office.getByText('Gate', { exact: true }).waitFor()
    await tablet.getByTestId('kiosk-place').getByText('Gate').waitFor()
    const cookies = await tablet.context().cookies()
    assert.deepEqual(
      cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite })),
      [{ name: 'hajir_refresh', httpOnly: true, sameSite: 'Strict' }],
    )
  })

  await step('a reload keeps it', async () => {
    const bytes = await scriptBytes(tablet, '/kiosk', (page) => page.getByTestId('kiosk-place').getByText('Gate').waitFor())
    assert.ok(bytes <= 250_000, `before what finds faces, a kiosk takes ${bytes} bytes of script`)
  })

  await step('whom the camera does not know is offered the PIN', async () => {
    await tablet.getByTestId('use-pin').tap()
    await tablet.getByLabel('Username or employee code').fill('e-7')
    for (const digit of '9753') await tablet.getByRole('button', { name: digit, exact: true }).tap()
    await tablet.getByRole('button', { name: 'Check in' }).tap()
    await tablet.locator('[data-testid=pin-refused][data-code=pin_wrong]').waitFor()
  })

  await step('the right PIN is greeted by name, and by keyboard too', async () => {
    await tablet.getByLabel('PIN', { exact: true }).focus()
    await tablet.keyboard.type('2580')
    await tablet.keyboard.press('Enter')
    await tablet.getByTestId('kiosk-greeting').getByText('Asha Rai').waitFor()
    assert.match(await tablet.getByTestId('kiosk-greeting').innerText(), /(Good \w+|Hello), Asha Rai\s+Entry \d\d:\d\d/)
  })

  await step('the month says that it was by PIN', async () => {
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('link', { name: 'Asha Rai' }).click()
    await office.getByRole('heading', { name: 'Asha Rai' }).waitFor()
    await office.reload() // the page may still know the month from a moment ago
    const day = office.locator('[data-testid^=day-]').first()
    await day.getByText('Gate').waitFor()
    await day.getByText('PIN', { exact: true }).waitFor()
    assert.equal(await day.getByRole('link', { name: 'Picture' }).count(), 0)
  })

  const notice = (name) => tablet.locator(`[data-testid=kiosk-status][data-notice=${name}]`)
  const limit = async (change) => {
    await office.getByRole('link', { name: 'Kiosks' }).click()
    await office.getByRole('button', { name: 'Limits' }).click()
    await change()
    await office.getByRole('button', { name: 'Save' }).click()
    await office.getByRole('dialog').waitFor({ state: 'detached' })
  }

  await step('from another network it refuses at once', async () => {
    await limit(() => office.getByRole('textbox', { name: 'Networks' }).fill('10.0.0.0/8\n2001:db8::/32'))
    await office.getByTestId('kiosk-limits').getByText('2 networks').waitFor()
    await notice('kiosk_network').waitFor()
  })

  await step('elsewhere it refuses, and says how to help it', async () => {
    await tablet.context().setGeolocation({ latitude: 27.8, longitude: 85.3146, accuracy: 10 })
    await limit(async () => {
      await office.getByRole('textbox', { name: 'Networks' }).fill('127.0.0.0/8')
      await office.getByRole('switch', { name: 'Only at one place' }).check()
      await office.getByLabel('Latitude').fill('27.7056')
      await office.getByLabel('Longitude').fill('85.3146')
    })
    await office.getByTestId('kiosk-limits').getByText('1 network, within 100 m of its place').waitFor()
    await notice('placing').waitFor()
    await tablet.context().grantPermissions(['camera', 'geolocation'])
    await notice('kiosk_place').waitFor({ timeout: 45_000 })
  })

  await step('back in its place, it works again', async () => {
    await tablet.context().setGeolocation({ latitude: 27.7057, longitude: 85.3146, accuracy: 10 })
    await tablet.locator('[data-testid=kiosk-status]:is([data-notice=face_unknown], [data-notice=look])').waitFor({ timeout: 45_000 })
  })

  await step('revoked, it can be paired anew', async () => {
    await office.getByRole('button', { name: 'Revoke' }).click()
    await office.getByTestId('confirm-yes').click()
    await tablet.getByTestId('kiosk-ended').waitFor()
    await tablet.getByRole('button', { name: 'Show a pairing code' }).click()
    await tablet.locator('[data-testid=pairing-code]:not([data-code=""])').waitFor()
    assert.notEqual(await tablet.getByTestId('pairing-code').getAttribute('data-code'), code)
  })
}
