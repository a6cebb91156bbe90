// Recognition that admits doubt: a kiosk asks a look-alike for a PIN, and the
// admin looks at what the camera was not sure of, and says who it was.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { account, setUp } from './door.mjs'

export async function review({ step, device, server, pictures }) {
  const office = await device({ viewport: { width: 1280, height: 900 } })
  const tablet = await device({ viewport: { width: 1024, height: 768 }, hasTouch: true })
  const api = `${server.url}/api/v1`
  const acme = `${api}/companies/acme`
  let token = ''

  const call = async (method, url, body, headers = {}) => {
    const answer = await fetch(url, { method, body, headers: { Authorization: `Bearer ${token}`, ...headers } })
    return { status: answer.status, ...(answer.status === 204 ? {} : await answer.json()) }
  }
  const send = (method, path, body) => call(method, acme + path, JSON.stringify(body), { 'Content-Type': 'application/json' })
  const enrol = async (username, name, pin, picture) => {
    for (const answer of [
      await send('POST', '/employees', { username, name }),
      await send('POST', `/employees/${username}/consent/paper`, { state: 'given' }),
      await call('POST', `${acme}/employees/${username}/faces`, picture, { 'Content-Type': 'image/jpeg' }),
      await send('PUT', `/employees/${username}/pin`, { pin }),
    ])
      assert.ok(answer.status < 300, JSON.stringify(answer))
  }
  const blank = await device()
  /** One person's part of a sample picture, in shares of its sides. */
  const part = async (n, left, top, right, bottom, filter = 'none') => {
    const source = `data:image/jpeg;base64,${(await readFile(join(dirname(pictures.group), `sample${n}.jpg`))).toString('base64')}`
    const cut = await blank.evaluate(
      async ({ source, left, top, right, bottom, filter }) => {
        const image = new Image()
        image.src = source
        await image.decode()
        const canvas = document.createElement('canvas')
        canvas.width = Math.round((right - left) * image.width)
        canvas.height = Math.round((bottom - top) * image.height)
        const context = canvas.getContext('2d')
        context.filter = filter
        context.drawImage(image, -left * image.width, -top * image.height)
        return canvas.toDataURL('image/jpeg', 0.92).split(',')[1]
      },
      { source, left, top, right, bottom, filter },
    )
    return Buffer.from(cut, 'base64')
  }
  const card = (state) => office.locator(`[data-testid=review][data-state=${state}]`)
  const shot = (page, name) => (process.env.HAJIR_SHOTS ? page.screenshot({ path: join(process.env.HAJIR_SHOTS, `${name}.png`), fullPage: true }) : undefined)
  const open = async (name) => {
    await office.getByRole('link', { name }).click()
  }

  await step('two people are enrolled who look alike, and a third', async () => {
    await setUp(office, server)
    await office.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    const signedIn = await fetch(`${api}/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(account),
    })
    token = (await signedIn.json()).access_token
    await enrol('asha.rai', 'Asha Rai', '2580', await readFile(pictures.portrait))
    await enrol('chet', 'Chet Lama', '8642', await part(3, 0.24, 0.15, 0.49, 0.5))
    // Bina is her twin, whom enrolment would take for her.
    await send('PATCH', '', { match_threshold: 0.995 })
    await enrol('bina', 'Bina Gurung', '1357', await part(6, 0.3, 0.12, 0.5, 0.48, 'grayscale(1) brightness(0.8)'))
    await send('PATCH', '', { match_threshold: 0 })
  })

  await step('the company asks for a wide margin', async () => {
    await office.goto('/settings') // the page may still know the settings from a moment ago
    await office.getByTestId('recognition-card').waitFor()
    assert.equal(await office.getByLabel('Match margin').isVisible(), false)
    assert.equal(await office.getByText('No model that measures this is installed').count(), 0)
    await office.getByTestId('recognition-advanced').click()
    await office.getByLabel('Match margin').fill('0.4')
    await shot(office, 'recognition')
    await office.getByRole('button', { name: 'Apply' }).click()
    await office.getByText('Saved', { exact: true }).waitFor()
  })

  await step('the kiosk asks her for her PIN by itself, and takes no other', async () => {
    await tablet.goto('/sign-in')
    await tablet.getByLabel('Username').fill(account.username)
    await tablet.locator('input[type=password]').fill(account.password)
    await tablet.getByRole('button', { name: 'Sign in', exact: true }).click()
    await tablet.getByRole('link', { name: 'Kiosks' }).click()
    await tablet.getByRole('button', { name: 'Use this device as a kiosk' }).click()
    await tablet.getByLabel('Name of the place').fill('Front door')
    await tablet.getByRole('button', { name: 'Start the kiosk' }).click()
    await tablet.getByTestId('pin-confirms').waitFor()
    await shot(tablet, 'confirm')
    await tablet.getByLabel('Username or employee code').fill('chet')
    for (const digit of '8642') await tablet.getByRole('button', { name: digit, exact: true }).tap()
    await tablet.getByRole('button', { name: 'Check in' }).tap()
    await tablet.locator('[data-testid=pin-refused][data-code=confirm_other]').waitFor()
    await tablet.getByLabel('Username or employee code').fill('asha.rai')
    for (const digit of '2580') await tablet.getByRole('button', { name: digit, exact: true }).tap()
    await tablet.getByRole('button', { name: 'Check in' }).tap()
    await tablet.getByTestId('kiosk-greeting').getByText('Asha Rai').waitFor()
    await tablet.goto('about:blank') // so that it refuses nobody more
  })

  await step('the board and the menu say that something waits', async () => {
    await open('Today')
    await office.getByTestId('reviews-waiting').waitFor()
    await office.getByTestId('reviews-open').waitFor()
    await office.getByTestId('reviews-waiting').getByRole('link', { name: 'Look at them' }).click()
    await office.getByRole('heading', { name: 'Doubtful' }).waitFor()
  })

  await step('both pictures are side by side, with the reason in words', async () => {
    const one = card('open').and(office.locator('[data-kind=punch]')).first()
    await one.getByText('The camera could not tell two people apart').waitFor()
    for (const which of ['review-picture', 'review-enrolled']) {
      const image = one.getByTestId(which).locator('img')
      await image.waitFor()
      await image.evaluate((it) => it.decode())
    }
    await one.getByText('Enrolled: Asha Rai').waitFor()
    await shot(office, 'review')
    await office.setViewportSize({ width: 390, height: 844 })
    await office.emulateMedia({ colorScheme: 'dark' })
    await shot(office, 'review-phone-dark')
    await office.emulateMedia({ colorScheme: 'light' })
    await office.setViewportSize({ width: 1280, height: 900 })
  })

  await step('the punch is somebody else’s, and both days change', async () => {
    const one = card('open').and(office.locator('[data-kind=punch]')).first()
    await one.getByRole('button', { name: 'Somebody else' }).click()
    const dialog = office.getByRole('dialog')
    await dialog.getByRole('combobox').fill('gur')
    await office.getByRole('option', { name: 'Bina Gurung' }).click()
    await shot(office, 'reassign')
    await dialog.getByRole('button', { name: 'Record it as theirs' }).click()
    await dialog.waitFor({ state: 'detached' })
    const asha = await call('GET', `${acme}/employees/asha.rai/days`)
    const bina = await call('GET', `${acme}/employees/bina/days`)
    const punches = (month, list) => month.days.flatMap((day) => day[list])
    assert.deepEqual([punches(asha, 'punches').length, punches(asha, 'rejected').length, punches(bina, 'punches').length], [0, 1, 1])
    assert.equal(punches(bina, 'punches')[0].confirmed, 'review')
    await open('Employees')
    await office.getByRole('link', { name: 'Asha Rai' }).click()
    await office.getByTestId('rejected').getByText('does not count').waitFor()
    await shot(office, 'rejected-day')
  })

  await step('a stranger is kept for the admin, who finds them rightly refused', async () => {
    const refused = await call('POST', `${acme}/punches`, await part(5, 0.7, 0.18, 0.88, 0.54), { 'Content-Type': 'image/jpeg' })
    assert.equal(refused.code, 'face_unknown')
    await open('Doubtful')
    const one = office.locator('[data-testid=review][data-code=face_unknown]')
    await one.first().waitFor()
    await shot(office, 'refusal')
    const before = await one.count()
    await one.first().getByRole('button', { name: 'Rightly refused' }).click()
    await office.waitForFunction(
      (n) => document.querySelectorAll('[data-testid=review][data-code=face_unknown]').length === n - 1,
      before,
    )
    await office.getByText('Decided', { exact: true }).first().click()
    await card('rejected').getByText('acme found it rightly refused').first().waitFor()
    await card('reassigned').getByText('acme gave it to Bina Gurung').waitFor()
    await shot(office, 'decided')
  })

  await step('a kiosk for groups is made in its limits', async () => {
    await open('Kiosks')
    await office.getByRole('button', { name: 'Limits' }).click()
    await office.getByText('Groups', { exact: true }).click()
    await shot(office, 'kiosk-mode')
    await office.getByRole('button', { name: 'Save' }).click()
    await office.getByRole('dialog').waitFor({ state: 'detached' })
    await office.getByTestId('kiosk-limits').getByText('Anywhere, groups').waitFor()
  })
}
