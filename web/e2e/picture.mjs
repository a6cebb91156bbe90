// Profile pictures: the admin sets one, the person replaces and removes it, and
// it is seen wherever people are listed. And their phone number.
import assert from 'node:assert/strict'

import { shot } from './browser.mjs'
import { setUp, signIn } from './door.mjs'

const secret = 'seven green parrots'

export async function picture({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 900 } })
  const green = await drawn(office, '#2f7d4f')
  const red = await drawn(office, '#b03a2e')

  await step('an employee with a phone number is added', async () => {
    await setUp(office, server)
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Add an employee' }).first().click()
    await office.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await office.getByLabel('Phone').fill('981 2345678')
    await office.locator('input[type=password]').fill(secret)
    await office.getByRole('button', { name: 'Add', exact: true }).click()
    await office.getByText('Begin with + and the country code').waitFor()
    await office.getByLabel('Phone').fill('+977 981-2345678')
    await office.getByRole('button', { name: 'Add', exact: true }).click()
    await office.getByRole('heading', { name: 'Asha Rai' }).waitFor()
    await office.getByText('+9779812345678').waitFor()
  })

  await step('what is no picture is refused in words', async () => {
    await office.getByRole('button', { name: 'Change the picture of Asha Rai' }).click()
    await choose(office, { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
    await office.getByText('Your browser cannot show this kind of picture').waitFor()
    await office.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await office.getByTestId('failed').waitFor()
    await shot(office, 'picture-refused')
  })

  await step('the admin sets the picture, and sees it everywhere', async () => {
    await choose(office, { name: 'asha.png', mimeType: 'image/png', buffer: green })
    await office.getByText('asha.png').waitFor()
    await shot(office, 'picture-preview')
    await office.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await office.getByText('The picture was saved.').waitFor()
    assert.deepEqual(await colour(office), 'green')
    await shot(office, 'picture-person')
    await office.getByRole('link', { name: 'All employees' }).click()
    await office.getByTestId('employee-asha.rai').waitFor()
    assert.deepEqual(await colour(office), 'green')
    await shot(office, 'picture-list')
    await office.getByRole('link', { name: 'Today' }).click()
    await office.getByTestId('board-entry-asha.rai').waitFor()
    assert.deepEqual(await colour(office), 'green')
    await shot(office, 'picture-board')
  })

  const phone = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })

  await step('the person replaces it on their own page', async () => {
    await signIn(phone, 'asha.rai', secret)
    await phone.getByRole('heading', { name: 'My days' }).waitFor()
    await phone.goto('/account')
    await phone.getByRole('button', { name: 'Change the picture of Asha Rai' }).click()
    await choose(phone, { name: 'me.png', mimeType: 'image/png', buffer: red })
    await shot(phone, 'picture-preview-phone')
    await phone.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await phone.getByText('The picture was saved.').waitFor()
    assert.deepEqual(await colour(phone), 'red')
  })

  await step('the person changes their phone number', async () => {
    const field = phone.getByLabel('Phone')
    assert.equal(await field.inputValue(), '+9779812345678')
    await field.fill('call me')
    await phone.getByTestId('profile-card').getByRole('button', { name: 'Save', exact: true }).click()
    await phone.getByText('A phone number has +').waitFor()
    await field.fill('+91 22 2345 6789')
    await phone.getByTestId('profile-card').getByRole('button', { name: 'Save', exact: true }).click()
    await phone.getByText('Your phone number was saved.').waitFor()
    assert.equal(await field.inputValue(), '+912223456789')
    await shot(phone, 'picture-account-phone')
  })

  await step('an open board shows the new picture after a reload', async () => {
    await office.reload()
    await office.getByTestId('board-entry-asha.rai').waitFor()
    assert.deepEqual(await colour(office), 'red')
  })

  await step('the person removes it, and initials are back', async () => {
    await phone.getByRole('button', { name: 'Change the picture of Asha Rai' }).click()
    await phone.getByRole('button', { name: 'Remove' }).click()
    await phone.getByText('The picture was removed.').waitFor()
    await phone.getByTestId('avatar').getByText('AR').first().waitFor()
    await office.reload()
    await office.getByTestId('board-entry-asha.rai').getByText('AR').waitFor()
  })

  await step('the program tells nobody the phone number', () => {
    assert.ok(!server.log().includes('98123'), server.log())
  })
}

function choose(page, file) {
  return page.getByRole('dialog').locator('input[type=file]').setInputFiles(file)
}

/** A drawing of nobody, as a PNG. */
async function drawn(page, fill) {
  const url = await page.evaluate((fill) => {
    const canvas = document.createElement('canvas')
    canvas.width = 900
    canvas.height = 600
    const context = canvas.getContext('2d')
    context.fillStyle = '#999'
    context.fillRect(0, 0, 900, 600)
    context.fillStyle = fill
    context.fillRect(150, 0, 600, 600)
    context.fillStyle = '#fff8'
    context.beginPath()
    context.arc(450, 300, 180, 0, 7)
    context.fill()
    return canvas.toDataURL('image/png')
  }, fill)
  return Buffer.from(url.split(',')[1], 'base64')
}

/** The colour at the edge of the last picture of a person on the page. */
async function colour(page) {
  const handle = await page.waitForFunction(() => {
    const image = [...document.querySelectorAll('[data-testid=avatar] img')].at(-1)
    return image?.complete && image.naturalWidth > 0 ? image : null
  })
  return handle.evaluate((image) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 40
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0, 40, 40)
    const [red, green] = context.getImageData(2, 20, 1, 1).data
    return red > green ? 'red' : 'green'
  })
}
