// A kiosk whose network goes away: what people give is kept, and sent once.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

import { shot } from './browser.mjs'
import { account, setUp } from './door.mjs'

export async function away({ step, device, server, pictures }) {
  const tablet = await device({ viewport: { width: 1024, height: 768 } })
  const network = tablet.context()
  const acme = `${server.url}/api/v1/companies/acme`
  let token = ''
  const call = async (method, path, body, kind = 'application/json') => {
    const answer = await fetch(acme + path, { method, body, headers: { Authorization: `Bearer ${token}`, 'Content-Type': kind } })
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`)
    return answer.status === 204 ? null : answer.json()
  }
  const add = async (username, pin) => {
    await call('POST', '/employees', JSON.stringify({ username, name: username }))
    await call('PUT', `/employees/${username}/pin`, JSON.stringify({ pin }))
  }
  const punches = async (username) => (await call('GET', `/employees/${username}/days`)).days.flatMap((day) => day.punches ?? [])
  const punch = async (who, pin) => {
    await tablet.getByTestId('use-pin').click()
    await tablet.getByLabel('Username or employee code').fill(who)
    await tablet.getByLabel('PIN', { exact: true }).fill(pin)
    await tablet.getByRole('button', { name: 'Check in' }).click()
  }
  const waiting = (page) => page.getByTestId('kiosk-waiting')
  const count = async (page) => Number(await waiting(page).getAttribute('data-count'))

  await step('a tablet becomes a kiosk, and an app', async () => {
    await setUp(tablet, server)
    await tablet.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    const signedIn = await fetch(`${server.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(account),
    })
    token = (await signedIn.json()).access_token
    await add('bina', '2580')
    await add('chet', '8642')
    await tablet.getByRole('link', { name: 'Kiosks' }).click()
    await tablet.getByRole('button', { name: 'Use this device as a kiosk' }).click()
    await tablet.getByLabel('Name of the place').fill('Front door')
    await tablet.getByRole('button', { name: 'Start the kiosk' }).click()
    await tablet.getByTestId('kiosk-place').getByText('Front door').waitFor()
    assert.equal(await tablet.locator('link[rel=manifest]').getAttribute('href'), '/kiosk.json')
    await tablet.waitForFunction(async () => (await navigator.serviceWorker.getRegistration('/kiosk'))?.active, null, { timeout: 60_000 })
    const workers = await tablet.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname))
    assert.deepEqual(workers, ['/kiosk'])
    await tablet.goto('/kiosk')
    await tablet.getByTestId('kiosk-place').waitFor()
  })

  await step('an answer that is lost is no second punch', async () => {
    await tablet.route('**/punches/pin', async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    }, { times: 1 })
    await punch('bina', '2580')
    await tablet.getByTestId('kiosk-kept').waitFor()
    await waiting(tablet).waitFor({ state: 'detached' })
    assert.equal((await punches('bina')).length, 1)
  })

  await step('without a network, whoever stands there is kept, and so are PINs', async () => {
    await network.setOffline(true)
    await waiting(tablet).waitFor() // by itself, when the film shows somebody
    await shot(tablet, 'kiosk-away')
    const before = await count(tablet)
    await punch('chet', '8642')
    await tablet.getByTestId('kiosk-kept').waitFor()
    await punch('chet', '9753')
    await tablet.locator(`[data-testid=kiosk-waiting]:not([data-count="${before}"]):not([data-count="${before + 1}"])`).waitFor()
  })

  await step('a start without a network finds what waits, in a second tab too', async () => {
    const before = await count(tablet)
    await tablet.reload()
    await tablet.getByTestId('kiosk-place').getByText('Front door').waitFor()
    await waiting(tablet).waitFor()
    assert.ok((await count(tablet)) >= before)
    const second = await network.newPage()
    await second.goto('/kiosk')
    await waiting(second).waitFor()
    await second.close()
  })

  await step('the network is back, and each is recorded once, with its time', async () => {
    await call('POST', '/employees', JSON.stringify({ username: 'asha', name: 'Asha Rai' }))
    await call('POST', '/employees/asha/consent/paper', JSON.stringify({ state: 'given' }))
    await call('POST', '/employees/asha/faces', await readFile(pictures.portrait), 'image/jpeg')
    const back = Date.now()
    await network.setOffline(false)
    await tablet.getByTestId('kiosk-refused').and(tablet.locator('[data-codes~=pin_wrong]')).waitFor()
    await waiting(tablet).waitFor({ state: 'detached' })
    const [chet] = [await punches('chet')]
    assert.equal(chet.length, 1)
    assert.ok(Date.parse(chet[0].at) < back && Date.parse(chet[0].received_at) >= back, JSON.stringify(chet))
    const [asha] = await punches('asha')
    assert.ok(Date.parse(asha.at) < back && asha.received_at && asha.picture_url, JSON.stringify(asha))
    await shot(tablet, 'kiosk-back')
  })

  await step('what was not recorded is told until somebody has seen it', async () => {
    await tablet.getByTestId('kiosk-refused').getByRole('button', { name: 'Seen' }).click()
    await tablet.getByTestId('kiosk-refused').waitFor({ state: 'detached' })
  })
}
