// Who is asked to move before a kiosk's camera. No film of somebody who does it
// can be kept here, so the camera is a canvas that shows a sample picture, moved as
// the kiosk asks: the nose is drawn aside, or lids over the eyes.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

import { setUp } from './door.mjs'

export async function challenge({ step, device, server, pictures }) {
  const office = await device({ viewport: { width: 1280, height: 800 } })
  const tablet = await device({ viewport: { width: 1024, height: 768 } })
  const portrait = `data:image/jpeg;base64,${(await readFile(pictures.portrait)).toString('base64')}`

  await step('a company asks everybody to move', async () => {
    await setUp(office, server)
    await office.getByRole('heading', { name: 'Nobody is here yet' }).waitFor()
    await office.goto('/settings')
    await office.getByTestId('recognition-card').getByRole('combobox', { name: 'Ask people to move?' }).click()
    await office.getByRole('option', { name: 'Everybody, every time' }).click()
    await shot(office.getByTestId('recognition-card'), 'challenge-settings')
    await office.getByTestId('recognition-card').getByRole('button', { name: 'Apply' }).click()
    await office.getByText('Saved', { exact: true }).waitFor()
  })

  await step('an employee is enrolled', async () => {
    await office.goto('/employees')
    await office.getByRole('button', { name: 'Add an employee' }).first().click()
    await office.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await office.getByRole('button', { name: 'Add', exact: true }).click()
    await office.getByRole('button', { name: 'Record a signed form' }).click()
    await office.getByRole('button', { name: 'The form is signed: record it' }).click()
    await office.locator('[data-testid=consent-card][data-state=given]').waitFor()
    await office.getByTestId('face-files').setInputFiles([pictures.portrait])
    await office.locator('[data-testid=upload][data-state=enrolled]').waitFor()
  })

  await step('the kiosk asks her, and a picture of her does nothing', async () => {
    await tablet.addInitScript(puppet, portrait)
    await tablet.goto('/kiosk')
    await tablet.locator('[data-testid=pairing-code]:not([data-code=""])').waitFor()
    const code = await tablet.getByTestId('pairing-code').getAttribute('data-code')
    await office.goto('/kiosks')
    await office.getByRole('button', { name: 'Pair a device' }).click()
    await office.getByLabel('Code on the device').fill(code)
    await office.getByLabel('Name of the place').fill('Front door')
    await office.getByRole('button', { name: 'Pair', exact: true }).click()
    await tablet.getByTestId('challenge').waitFor()
    assert.equal(await tablet.getByTestId('challenge').getAttribute('data-done'), '0')
    assert.ok(await tablet.getByTestId('use-pin').isVisible())
  })

  await step('she does what is asked for, and is greeted', async () => {
    for (let tries = 0; tries < 4; tries++) {
      const greeted = await perform(tablet)
      if (greeted) break
    }
    await tablet.getByTestId('kiosk-greeting').getByText('Asha Rai').waitFor()
    await shot(tablet, 'challenge-met')
  })

  await step('her day says so, and nothing waits', async () => {
    await office.goto('/employees/asha.rai')
    await office.getByText('moved as the kiosk asked').first().waitFor()
  })
}

/** Does step after step; true when the greeting came. */
async function perform(page) {
  const greeting = page.getByTestId('kiosk-greeting').getByText('Asha Rai')
  const shown = page.getByTestId('challenge')
  const until = Date.now() + 40_000
  let last = ''
  while (Date.now() < until) {
    if (await greeting.isVisible()) return true
    const key = await shown.evaluate((it) => `${it.dataset.step} ${it.dataset.done}`, null, { timeout: 500 }).catch(() => '')
    if (!key || key === last) {
      if (last && !key) last = ''
      await page.waitForTimeout(100)
      continue
    }
    last = key
    await shot(page, `challenge-${key.split(' ')[0]}`)
    await page.evaluate((step) => globalThis.puppet(step), key.split(' ')[0])
  }
  return false
}

/* Runs in the page: a camera whose person moves when told to. */
function puppet(source) {
  const image = new Image()
  image.src = source
  const canvas = document.createElement('canvas')
  canvas.width = 640
  canvas.height = 480
  const context = canvas.getContext('2d')
  let turn = 0
  let lids = 0
  // Where the face is in the picture, as shares of its sides.
  const face = { left: 0.22, top: 0.14, width: 0.5, height: 0.66 }
  const draw = () => {
    if (!image.complete || !image.naturalWidth) return
    const side = 480
    const x0 = 80
    context.fillStyle = '#8a8f94'
    context.fillRect(0, 0, 640, 480)
    context.drawImage(image, x0, 0, side, side)
    if (turn !== 0) {
      const left = x0 + face.left * side
      const width = face.width * side
      // Every column of the face comes from further left or right, most in its middle.
      for (let x = 0; x < width; x++) {
        const u = x / width
        const from = u - turn * Math.sin(Math.PI * u) ** 2
        context.drawImage(image, ((left + from * width - x0) / side) * image.naturalWidth, face.top * image.naturalHeight, image.naturalWidth / side, face.height * image.naturalHeight, left + x, face.top * side, 1, face.height * side)
      }
    }
    if (lids) globalThis.lids(context, image, x0, side)
  }
  globalThis.lids = (context, image, x0, side) => {
    for (const [x, y] of globalThis.eyes ?? []) {
      const w = 0.12
      const h = 0.055
      // Skin from below the eye.
      context.drawImage(image, (x - w / 2) * image.naturalWidth, (y + 0.045) * image.naturalHeight, w * image.naturalWidth, h * image.naturalHeight, x0 + (x - w / 2) * side, (y - h / 2) * side, w * side, h * side)
    }
  }
  globalThis.eyes = [[0.4, 0.4], [0.58, 0.4]]
  globalThis.pose = (to, closed) => {
    turn = to
    lids = closed
  }
  setInterval(draw, 40)
  const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  globalThis.puppet = async (step) => {
    await rest(900)
    if (step === 'blink') {
      lids = 1
      await rest(700)
      lids = 0
      return
    }
    const to = step === 'left' ? 1 : -1
    for (let i = 1; i <= 10; i++) {
      turn = to * 0.02 * i
      await rest(90)
    }
    await rest(600)
    turn = 0
  }
  globalThis.shown = canvas
  const stream = canvas.captureStream(25)
  navigator.mediaDevices.getUserMedia = () => Promise.resolve(stream.clone())
}

async function shot(page, name) {
  if (!process.env.HAJIR_SHOTS) return
  await page.screenshot({ path: `${process.env.HAJIR_SHOTS}/${name}.png` })
}
