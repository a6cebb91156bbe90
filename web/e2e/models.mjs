// Another face model: the program is killed and started anew with it, people are
// recognised all the time, and one can go back.
import assert from 'node:assert/strict'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { setUp } from './door.mjs'

const samples = resolve(process.env.HAJIR_SAMPLES || join(import.meta.dirname, '../../models/dist/samples'))

export async function models({ step, device, server }) {
  const page = await device()
  const card = page.getByTestId('models-card')
  const second = join(server.data, '..', 'second-model')

  await step('the settings tell which face model is in use', async () => {
    await setUp(page, server, { demo: true })
    await page.locator('[data-testid^=board-entry-]').first().waitFor({ timeout: 60_000 })
    await page.goto('/settings')
    await card.getByTestId('model-current').getByText('mobilefacenet-pair').waitFor()
    assert.equal(await card.getByTestId('models-rollback').count(), 0)
  })

  await step('after a start with another one, whoever has no picture is to be enrolled anew', async () => {
    await cp(join(samples, '../embedding'), second, { recursive: true })
    const manifest = JSON.parse(await readFile(join(second, 'manifest.json'), 'utf8'))
    await writeFile(join(second, 'manifest.json'), JSON.stringify({ ...manifest, name: 'second-1' }))
    const faces = join(server.data, 'objects', 'faces')
    const [company] = await readdir(faces)
    const [username] = await readdir(join(faces, company))
    await rm(join(faces, company, username), { recursive: true })
    await server.restart(['--embedding', second])
    await page.reload()
    await card.getByTestId('model-next').getByText('second-1').waitFor()
    await card.getByTestId('models-left').getByText('its picture is missing').first().waitFor()
    await card.getByTestId('models-finish').waitFor({ timeout: 60_000 })
    await shot(page, card, 'models-left')
  })

  await step('the new one decides when the admin says so', async () => {
    await card.getByTestId('models-finish').click()
    await page.getByTestId('confirm-yes').click()
    await card.getByTestId('model-current').getByText('second-1').waitFor()
    await card.getByText('Then its numbers are removed').waitFor()
    await shot(page, card, 'models-after')
  })

  await step('one goes back at once', async () => {
    await card.getByTestId('models-rollback').click()
    await page.getByTestId('confirm-yes').click()
    await card.getByTestId('model-current').getByText('mobilefacenet-pair').waitFor()
    await card.getByText('hajir models switch').waitFor()
    await shot(page, card, 'models-back')
  })
}

/** A picture of the card, when a folder for them is given. */
async function shot(page, card, name) {
  if (!process.env.HAJIR_SHOTS) return
  await mkdir(process.env.HAJIR_SHOTS, { recursive: true })
  await card.scrollIntoViewIfNeeded()
  await page.screenshot({ path: join(process.env.HAJIR_SHOTS, `${name}.png`) })
}
