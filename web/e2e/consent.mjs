// Consent as a state: an employee says no, later yes, is recognised, and
// withdraws. What is held about them is theirs to download at any time.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { inflateRawSync } from 'node:zlib'

import { account, setUp, signIn } from './door.mjs'

const chosen = 'seven green parrots'

export async function consent({ step, device, server, pictures, pages }) {
  const office = await device({ viewport: { width: 1280, height: 900 } })
  const phone = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  const portrait = await readFile(pictures.portrait)

  /** What the API answers a kiosk that shows her face. */
  const atTheDoor = async () => {
    const signedIn = await fetch(`${server.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(account),
    })
    const { access_token: token } = await signedIn.json()
    const answer = await fetch(`${server.url}/api/v1/companies/acme/punches`, {
      method: 'POST',
      headers: { 'Content-Type': 'image/jpeg', Authorization: `Bearer ${token}` },
      body: portrait,
    })
    return { status: answer.status, ...(await answer.json()) }
  }
  const openPerson = async () => {
    await office.goto('/employees/asha.rai') // the page may still know her from a moment ago
    await office.getByTestId('decisions').waitFor()
  }
  const card = (state) => office.locator(`[data-testid=consent-card][data-state=${state}]`)
  const own = (state) => phone.locator(`[data-testid=own-consent][data-state=${state}]`)

  await step('an employee joins and declines', async () => {
    await setUp(office, server)
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Invite', exact: true }).click()
    await office.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await office.getByRole('dialog').getByRole('button', { name: 'Invite' }).click()
    const link = await office.getByTestId('link').inputValue()
    await office.getByRole('button', { name: 'Done' }).click()
    await phone.goto(link)
    await phone.getByText('after 30 days').waitFor()
    await phone.locator('input[type=password]').fill(chosen)
    await phone.getByLabel('No, I will use a PIN').check()
    await phone.getByRole('button', { name: 'Join' }).click()
    await phone.getByRole('link', { name: 'Sign in' }).click()
    await signIn(phone, 'asha.rai', chosen)
    await phone.getByRole('heading', { name: 'My days' }).waitFor()
  })

  await step('the admin cannot enrol her, and is told why', async () => {
    await openPerson()
    await card('declined').waitFor()
    await office.getByTestId('consent-needed').getByText('declined to be recognised').waitFor()
    assert.ok(await office.getByRole('button', { name: 'Use the camera' }).isDisabled())
    assert.equal(await office.getByTestId('face-files').count(), 0)
  })

  await step('she reads the text again on her own page, and agrees', async () => {
    await phone.getByRole('button', { name: 'Menu' }).click()
    await phone.getByRole('link', { name: 'My data' }).click()
    await own('declined').getByText('You declined').waitFor()
    await phone.getByTestId('consent-text').getByText('this is biometric data').waitFor()
    await phone.getByRole('button', { name: 'I agree' }).click()
    await own('given').getByText('No face of yours is stored.').waitFor()
  })

  await step('the admin enrols her', async () => {
    await openPerson()
    await card('given').waitFor()
    await office.getByTestId('face-files').setInputFiles([pictures.portrait])
    await office.getByTestId('face').waitFor()
  })

  await step('she is recognised at the door', async () => {
    const answer = await atTheDoor()
    assert.equal(answer.status, 201, JSON.stringify(answer))
    assert.equal(answer.username, 'asha.rai')
  })

  await step('she downloads everything that is held about her', async () => {
    await phone.reload()
    await own('given').getByText('1 face is stored.').waitFor()
    const download = phone.waitForEvent('download')
    await phone.getByRole('button', { name: 'Download', exact: true }).click()
    const file = await download
    assert.equal(file.suggestedFilename(), 'hajir-asha.rai.zip')
    const files = unzip(await readFile(await file.path()))
    const data = JSON.parse(files.get('data.json').toString())
    assert.equal(data.profile.name, 'Asha Rai')
    assert.equal(data.faces[0].template.length, 704)
    assert.deepEqual(
      data.consent.map(({ state, means }) => `${state} ${means}`),
      ['declined self', 'given self'],
    )
    assert.ok(files.has(data.days[0].punches[0].picture), [...files.keys()].join(', '))
    assert.equal([...files.keys()].filter((name) => name.startsWith('pictures/enrolment/')).length, 3)
    assert.match(files.get('README.txt').toString(), /EVERYTHING THAT IS HELD ABOUT YOU/)
  })

  await step('she withdraws, and is told what happens', async () => {
    await phone.getByRole('button', { name: 'Withdraw my consent' }).click()
    await phone.getByText('not recognised any more from this moment').waitFor()
    await phone.getByTestId('confirm-yes').click()
    await own('withdrawn').getByText('Your pictures will be deleted on').waitFor()
    await own('withdrawn').getByText('No face of yours is stored.').waitFor()
    await phone.locator('[data-testid=erasure][data-state=pending]').waitFor()
  })

  await step('she is not recognised any more, and her faces are gone', async () => {
    const answer = await atTheDoor()
    assert.equal(answer.code, 'face_unknown', JSON.stringify(answer))
    await openPerson()
    await card('withdrawn').locator('[data-testid=erasure][data-state=pending]').waitFor()
    assert.equal(await office.getByTestId('face').count(), 0)
    await office.getByTestId('consent-needed').getByText('withdrew').waitFor()
  })

  await step('agreeing again keeps her pictures, and gives a receipt of what went', async () => {
    await phone.getByRole('button', { name: 'I agree' }).click()
    await own('given').waitFor()
    await phone.locator('[data-testid=erasure][data-state=cancelled]').waitFor()
    const download = phone.waitForEvent('download')
    await phone.getByRole('button', { name: /receipt/i }).click()
    const file = await download
    assert.equal(file.suggestedFilename(), 'erasure-receipt-asha.rai-1.json')
    const { receipt, sha256 } = JSON.parse(await readFile(await file.path(), 'utf8'))
    assert.equal(receipt.templates, 1)
    assert.equal(receipt.images_erased_at, null)
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(receipt)))
    assert.equal(Buffer.from(hash).toString('hex'), sha256)
  })

  await step('the admin sets how long pictures stay, and sees every erasure', async () => {
    await office.getByRole('link', { name: 'Settings' }).click()
    await office.getByTestId('erasures-card').getByText('asha.rai').waitFor()
    await office.getByLabel('Keep pictures for').fill('7')
    await office.getByTestId('settings-form').getByRole('button', { name: 'Save' }).click()
    await office.getByText('Saved', { exact: true }).waitFor()
    await phone.reload()
    await phone.getByRole('button', { name: 'Read the text' }).click()
    // What she agreed to, and not what others will be asked.
    await phone.getByText('after 30 days').waitFor()
  })

  await step('people who were never asked are found', async () => {
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Add an employee' }).first().click()
    await office.getByLabel('Name', { exact: true }).fill('Bina Gurung')
    await office.getByRole('button', { name: 'Add', exact: true }).click()
    await office.locator('[data-testid=consent-card][data-state=none]').waitFor()
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByText('Not asked yet', { exact: true }).click()
    await office.getByTestId('employee-asha.rai').waitFor({ state: 'detached' })
    await office.getByTestId('employee-bina.gurung').waitFor()
  })
  assert.equal(pages.length, 2)
}

/** The files of a ZIP archive, by the list at its end. */
function unzip(archive) {
  const files = new Map()
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  let at = archive.readUInt32LE(end + 16)
  for (let n = archive.readUInt16LE(end + 10); n > 0; n--) {
    const method = archive.readUInt16LE(at + 10)
    const size = archive.readUInt32LE(at + 20)
    const nameLength = archive.readUInt16LE(at + 28)
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const start = archive.readUInt32LE(at + 42)
    const content = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28)
    const bytes = archive.subarray(content, content + size)
    files.set(name, method === 8 ? inflateRawSync(bytes) : bytes)
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return files
}
