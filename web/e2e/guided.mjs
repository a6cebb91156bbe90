// Enrolment that is guided: the camera's film shows a woman who always looks a
// little to her right, and is gone for some seconds in between.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

import { setUp } from './door.mjs'

export async function guided({ step, device, server, pictures }) {
  const office = await device({ viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' })

  await step('an employee agrees to be recognised', async () => {
    await setUp(office, server)
    await office.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await office.goto('/employees')
    await office.getByRole('button', { name: 'Add an employee' }).first().click()
    await office.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await office.getByRole('button', { name: 'Add', exact: true }).click()
    await office.getByRole('button', { name: 'Record a signed form' }).click()
    await office.getByRole('button', { name: 'The form is signed: record it' }).click()
    await office.locator('[data-testid=consent-card][data-state=given]').waitFor()
  })

  const advice = office.getByTestId('advice')

  await step('she is told to turn, and nothing is taken meanwhile', async () => {
    await office.getByRole('button', { name: 'Use the camera' }).click()
    await office.locator('[data-testid=step-straight][data-state=next]').waitFor()
    await advice.and(office.locator('[data-advice=turnLeft]')).waitFor()
    assert.equal(await advice.getAttribute('role'), 'status')
    await advice.getByText('Turn a little to your left').waitFor()
    await shot(office, 'guided-turn')
    assert.equal(await office.getByTestId('upload').count(), 0)
  })

  await step('she is told that nobody is there', async () => {
    await advice.and(office.locator('[data-advice=none]')).waitFor()
    await shot(office, 'guided-nobody')
  })

  await step('two pictures are taken by hand', async () => {
    for (const next of ['left', 'right']) {
      await advice.and(office.locator('[data-advice=turnLeft]')).waitFor()
      await office.getByTestId('capture').click()
      await office.locator(`[data-testid=step-${next}][data-state=next]`).waitFor()
    }
  })

  await step('the third is taken by itself when it is good', async () => {
    await office.getByTestId('enrolled-all').waitFor()
    await advice.getByText('All three pictures are taken').waitFor()
    await shot(office, 'guided-done')
    await office.getByTestId('enrolled-all').click()
    await office.waitForFunction(() => document.querySelectorAll('[data-testid=face]').length === 3)
  })

  await step('a blurred and a dark picture are refused with a reason', async () => {
    await office.getByTestId('face-files').setInputFiles([
      { name: 'blurred.jpg', mimeType: 'image/jpeg', buffer: await spoilt(office, pictures.portrait, 'blur(9px)') },
      { name: 'dark.jpg', mimeType: 'image/jpeg', buffer: await spoilt(office, pictures.portrait, 'brightness(0.16)') },
    ])
    const uploads = office.getByTestId('upload')
    await uploads.filter({ hasText: 'blurred.jpg' }).getByText('The face is blurred').waitFor()
    await uploads.filter({ hasText: 'dark.jpg' }).getByText('The face is too dark').waitFor()
    await shot(office, 'guided-refused')
  })
}

async function spoilt(page, file, filter) {
  const source = `data:image/jpeg;base64,${(await readFile(file)).toString('base64')}`
  const text = await page.evaluate(
    async ([source, filter]) => {
      const image = new Image()
      image.src = source
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = image.width
      canvas.height = image.height
      const context = canvas.getContext('2d')
      context.filter = filter
      context.drawImage(image, 0, 0)
      return canvas.toDataURL('image/jpeg', 0.9).split(',')[1]
    },
    [source, filter],
  )
  return Buffer.from(text, 'base64')
}

async function shot(page, name) {
  if (process.env.HAJIR_SHOTS) await page.screenshot({ path: `${process.env.HAJIR_SHOTS}/${name}.png` })
}
