// The whole way: set-up, an employee, their face, a kiosk at the door, and the
// board that shows who came.
import assert from 'node:assert/strict'

export const account = { username: 'acme', password: 'four quiet yaks graze' }

export async function setUp(page, server, { demo = false } = {}) {
  await page.goto(server.link)
  await page.getByLabel('Name of the company').fill('Acme Foods')
  await page.getByRole('combobox', { name: 'Time zone' }).click()
  await page.getByRole('combobox', { name: 'Time zone' }).fill('kathmandu')
  await page.getByRole('option', { name: 'Asia/Kathmandu' }).click()
  await page.getByLabel('Username').fill(account.username)
  await page.getByLabel('E-mail').fill('admin@example.com')
  await password(page, account.password)
  if (demo) await page.getByLabel('Start with an example company').check()
  await page.getByRole('button', { name: 'Create the company' }).click()
}

/** Lets a company read the Gregorian calendar alone: a new one in Nepal reads both. */
export async function gregorian(page) {
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('combobox', { name: 'Calendar of dates' }).click()
  await page.getByRole('option', { name: 'Gregorian', exact: true }).click()
  await page.getByRole('switch', { name: 'Show the other calendar beside it' }).uncheck()
  await page.getByTestId('settings-form').getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
}

export async function signIn(page, username, secret) {
  await page.goto('/sign-in')
  await page.getByLabel('Username').fill(username)
  await password(page, secret)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

function password(page, value) {
  return page.locator('input[type=password]').fill(value)
}

export async function door({ step, device, server, pictures }) {
  const tablet = await device({ viewport: { width: 1024, height: 768 } })
  const complaints = watch(tablet)
  // Here the server alone finds faces, so that its answers tell what was before the
  // camera; away.mjs has the kiosk find them.
  await tablet.route('**/assets/vision*', (route) => route.abort())

  await step('without the link, set-up says where to find it', async () => {
    await tablet.goto('/setup')
    await tablet.getByRole('heading', { name: 'Open the set-up link' }).waitFor()
    await tablet.goto('/sign-in')
    await tablet.getByTestId('setup-needed').waitFor()
  })

  await step('a wrong link and a short password are told in plain words', async () => {
    await tablet.goto('/setup#token=wrong')
    await tablet.getByLabel('Name of the company').fill('Acme')
    await tablet.getByLabel('Username').fill('acme')
    await tablet.getByLabel('E-mail').fill('admin@example.com')
    await password(tablet, 'short')
    await tablet.getByRole('button', { name: 'Create the company' }).click()
    await tablet.getByText('Use at least 10 characters.').waitFor()
    await password(tablet, account.password)
    await tablet.getByRole('button', { name: 'Create the company' }).click()
    await tablet.getByTestId('setup-problem').getByText('not valid').waitFor()
    await tablet.goto('about:blank')
  })

  await step('set-up leads to an empty board that says what to do', async () => {
    await setUp(tablet, server)
    await tablet.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
  })

  await step('a reload keeps the session', async () => {
    await tablet.reload()
    await tablet.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
  })

  await step('settings are saved', async () => {
    await tablet.getByRole('link', { name: 'Settings' }).click()
    // Without a repeat window, a kiosk that records twice would be found out.
    await tablet.getByLabel('Repeat window').fill('0')
    await tablet.getByTestId('settings-form').getByRole('button', { name: 'Save' }).click()
    await tablet.getByText('Saved', { exact: true }).waitFor()
    await tablet.reload()
    await tablet.getByLabel('Repeat window').waitFor()
    assert.match(await tablet.getByLabel('Repeat window').inputValue(), /^0\b/)
  })

  await step('an employee is added', async () => {
    await tablet.getByRole('link', { name: 'Employees' }).click()
    await tablet.getByRole('heading', { name: 'No employees yet' }).waitFor()
    await tablet.getByRole('button', { name: 'Add an employee' }).first().click()
    await tablet.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await tablet.getByLabel('Department').fill('Kitchen')
    assert.equal(await tablet.getByLabel('Username').inputValue(), 'asha.rai')
    await password(tablet, 'seven green parrots')
    await tablet.getByRole('button', { name: 'Add', exact: true }).click()
    await tablet.getByRole('heading', { name: 'Asha Rai' }).waitFor()
    await tablet.getByTestId('consent-needed').waitFor()
  })

  await step('the form that she signed is recorded', async () => {
    await tablet.getByRole('button', { name: 'Record a signed form' }).click()
    await tablet.getByTestId('consent-text').getByText('this is biometric data').waitFor()
    await tablet.getByRole('button', { name: 'The form is signed: record it' }).click()
    await tablet.locator('[data-testid=consent-card][data-state=given]').waitFor()
    await tablet.getByText('No face enrolled yet').waitFor()
  })

  await step('pictures are enrolled, or refused with a reason', async () => {
    await tablet.getByTestId('face-files').setInputFiles([pictures.group, pictures.notes, pictures.portrait])
    const uploads = tablet.getByTestId('upload')
    await uploads.filter({ hasText: 'portrait.jpg' }).and(tablet.locator('[data-state=enrolled]')).waitFor()
    await uploads.filter({ hasText: 'sample6.jpg' }).getByText('more than one face').waitFor()
    const notes = uploads.filter({ hasText: 'notes.jpg' })
    await notes.and(tablet.locator('[data-state=refused]')).waitFor()
    const face = tablet.getByTestId('face').locator('img')
    await face.waitFor()
    await face.evaluate((image) => image.decode())
    assert.equal(await tablet.getByTestId('face').count(), 1)
  })

  const office = await device({ viewport: { width: 1280, height: 800 } })
  const officeComplaints = watch(office)
  const asha = office.getByTestId('board-entry-asha.rai')

  await step('the admin signs in elsewhere and watches the board', async () => {
    await signIn(office, account.username, 'not the password')
    await office.getByTestId('sign-in-problem').waitFor()
    await password(office, account.password)
    await office.getByRole('button', { name: 'Sign in', exact: true }).click()
    await asha.and(office.locator('[data-status=absent]')).waitFor()
    await office.locator('[data-testid=live][data-live=true]').waitFor()
  })

  const answers = []
  tablet.on('response', async (response) => {
    if (!response.url().includes('/punches')) return
    const body = await response.json().catch(() => ({}))
    answers.push({ look: response.url().includes('dry_run=true'), status: response.status(), ...body })
  })
  const greeting = tablet.getByTestId('kiosk-greeting')

  await step('the tablet becomes a kiosk and greets by name', async () => {
    await tablet.getByRole('link', { name: 'Kiosks' }).click()
    await tablet.getByRole('button', { name: 'Use this device as a kiosk' }).click()
    await tablet.getByLabel('Name of the place').fill('Front door')
    await tablet.getByRole('button', { name: 'Start the kiosk' }).click()
    await tablet.getByTestId('kiosk-place').getByText('Front door').waitFor()
    await greeting.getByText('Asha Rai').waitFor()
    assert.match(await greeting.innerText(), /(Good \w+|Hello), Asha Rai\s+Entry \d\d:\d\d/)
  })

  await step('the board shows the entry by itself', async () => {
    await asha.and(office.locator('[data-status=in]')).waitFor()
    assert.match(await office.getByTestId('count-in').innerText(), /^1\b/)
  })

  await step('it says goodbye only after she has left and come back', async () => {
    await greeting.getByText('Goodbye, Asha Rai').waitFor()
    await asha.and(office.locator('[data-status=out]')).waitFor()
    // While she lingers, the kiosk only looks.
    await tablet.waitForResponse((response) => response.url().includes('dry_run=true') && response.ok())
    const recorded = answers.flatMap((answer, at) => (!answer.look && answer.status === 201 ? [at] : []))
    assert.ok(recorded.length >= 2, `recorded ${recorded.length} times`)
    assert.deepEqual([answers[recorded[0]].direction, answers[recorded[1]].direction], ['entry', 'exit'])
    for (const [index, at] of recorded.entries())
      if (index > 0)
        assert.ok(
          answers.slice(recorded[index - 1], at).some((answer) => answer.code === 'face_none'),
          'she was recorded twice without having left',
        )
  })

  await step('a reload keeps the kiosk, which may see nothing else', async () => {
    await tablet.goto('/employees')
    await tablet.getByTestId('kiosk-place').waitFor()
    assert.equal(new URL(tablet.url()).pathname, '/kiosk')
  })

  await step('the month shows the punches and why they were believed', async () => {
    await asha.getByRole('link', { name: 'Asha Rai' }).click()
    const day = office.locator('[data-testid^=day-]').first()
    await day.getByText('Front door').first().waitFor()
    await day.getByText(/score 0\.\d\d/).first().waitFor()
    const link = await day.getByRole('link', { name: 'Picture' }).first().getAttribute('href')
    const picture = await office.request.get(link)
    assert.equal(picture.status(), 200)
    assert.match(picture.headers()['content-type'], /^image\//)
  })

  await step('a revoked kiosk says so and stops', async () => {
    await office.getByRole('link', { name: 'Kiosks' }).click()
    await office.getByRole('button', { name: 'Revoke' }).click()
    await office.getByTestId('confirm-yes').click()
    await office.getByRole('heading', { name: 'No kiosks yet' }).waitFor()
    await tablet.getByTestId('kiosk-ended').waitFor()
  })

  await step('an employee sees their own days and nothing else', async () => {
    const phone = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    await signIn(phone, 'asha.rai', 'seven green parrots')
    await phone.getByRole('heading', { name: 'My days' }).waitFor()
    await phone.locator('[data-testid^=day-]').first().waitFor()
    await phone.goto('/employees')
    await phone.getByRole('heading', { name: 'My days' }).waitFor()
    assert.equal(new URL(phone.url()).pathname, '/')
  })

  await step('signing out ends the session', async () => {
    await office.getByRole('button', { name: 'Your account' }).click()
    await office.getByRole('menuitem', { name: 'Sign out' }).click()
    await office.getByRole('heading', { name: 'Sign in' }).waitFor()
    await office.goto('/')
    await office.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  await step('the browser had nothing to complain of', () => {
    assert.deepEqual([...complaints, ...officeComplaints], [])
  })
}

/** Collects uncaught errors and whatever the content security policy stopped. */
function watch(page) {
  const complaints = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (/Content Security Policy|React|Warning:/.test(message.text())) complaints.push(message.text())
  })
  return complaints
}
