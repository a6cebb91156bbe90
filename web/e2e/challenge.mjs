// Who is asked to move before a kiosk's camera. No film of somebody who does it
// can be kept here, so the camera is a canvas that shows a sample picture, moved as
// the kiosk asks: the nose is drawn aside, or lids over the eyes.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { setUp } from './door.mjs'

export async function challenge({ step, device, server, pictures }) {
  const office = await device({ viewport: { width: 1280, height: 800 } })
  const tablet = await device({ viewport: { width: 1024, height: 768 } })
  // A woman who looks straight, of the sample pictures.
  const sample = `data:image/jpeg;base64,${(await readFile(join(dirname(pictures.group), 'sample5.jpg'))).toString('base64')}`
  const portrait = await office.evaluate(async (source) => {
    const image = new Image()
    image.src = source
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 480
    canvas.getContext('2d').drawImage(image, 167, 719, 602, 602, 0, 0, 480, 480)
    return canvas.toDataURL('image/jpeg', 0.92)
  }, sample)
  const enrolled = { name: 'portrait.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(portrait.split(',')[1], 'base64') }

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
    await office.getByTestId('face-files').setInputFiles([enrolled])
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
    if (process.env.HAJIR_SHOTS) {
      await tablet.emulateMedia({ colorScheme: 'dark' })
      await shot(tablet, 'challenge-dark')
      await tablet.setViewportSize({ width: 390, height: 844 })
      await shot(tablet, 'challenge-390-dark')
      await tablet.emulateMedia({ colorScheme: 'light' })
      await shot(tablet, 'challenge-390')
      await tablet.setViewportSize({ width: 1024, height: 768 })
    }
  })

  await step('she does what is asked for, and is greeted', async () => {
    await perform(tablet)
    await tablet.getByTestId('kiosk-greeting').getByText('Asha Rai').waitFor()
    await shot(tablet, 'challenge-met')
  })

  await step('her day says so, and nothing waits', async () => {
    await office.goto('/employees/asha.rai')
    await office.getByText('moved as the kiosk asked').first().waitFor()
  })
}

/** Does step after step, until she is greeted or too much time has passed. */
async function perform(page) {
  const greeting = page.getByTestId('kiosk-greeting').getByText('Asha Rai')
  const shown = page.getByTestId('challenge')
  const until = Date.now() + 120_000
  let last = ''
  let again = 0
  while (Date.now() < until) {
    if (await greeting.isVisible()) return
    const key = await shown.evaluate((it) => `${it.dataset.step} ${it.dataset.done}`, null, { timeout: 500 }).catch(() => '')
    if (!key || (key === last && Date.now() < again)) {
      if (last && !key) last = ''
      await page.waitForTimeout(100)
      continue
    }
    last = key
    again = Date.now() + 9_000
    await shot(page, `challenge-${key.split(' ')[0]}`)
    await page.evaluate((step) => globalThis.puppet(step), key.split(' ')[0])
  }
}

/* Runs in the page: a camera whose person moves when told to. */
function puppet(source) {
  const side = 480
  const canvas = document.createElement('canvas')
  canvas.width = 640
  canvas.height = side
  const context = canvas.getContext('2d')
  // The middle of the face, half its width, and the eyes, in pixels.
  const [ox, oy, half] = [247, 254, 109]
  const eyes = [[206, 216], [278, 206]]
  /** The picture with the head turned, as if it were an egg with a nose. */
  const turned = (pixels, degrees) => {
    const out = new ImageData(side, side)
    const sin = Math.sin((degrees * Math.PI) / 180)
    const cos = Math.cos((degrees * Math.PI) / 180)
    const from = new Uint32Array(pixels.data.buffer)
    const to = new Uint32Array(out.data.buffer)
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const [at, v] = [(x - ox) / half, (y - oy) / half]
        const depth = (u) => Math.sqrt(Math.max(1 - u * u - v * v * 0.6, 0)) + 0.35 * Math.exp(-((u * u) / 0.02 + (v - 0.12) ** 2 / 0.05))
        const beyond = at * at + v * v * 0.6 - 1
        const share = beyond > 0 ? Math.max(0, 1 - beyond * 1.5) : 1
        let u = at
        for (let i = 0; i < 12; i++) u = (u + share * ((at - depth(u) * sin + 0.75 * sin) / cos) + (1 - share) * at) / 2
        to[y * side + x] = from[y * side + Math.min(Math.max(Math.round(ox + u * half), 0), side - 1)]
      }
    }
    return out
  }
  let pose = null
  const draw = () => {
    context.fillStyle = '#8a8f94'
    context.fillRect(0, 0, 640, side)
    if (pose) context.putImageData(pose, 80, 0)
  }
  setInterval(draw, 40)
  const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  const ready = (async () => {
    const image = new Image()
    image.src = source
    await image.decode()
    const flat = document.createElement('canvas')
    flat.width = flat.height = side
    const on = flat.getContext('2d')
    on.drawImage(image, 0, 0, side, side)
    const plain = on.getImageData(0, 0, side, side)
    const straight = turned(plain, -10)
    pose = straight
    on.putImageData(straight, 0, 0)
    // Skin from below the eyes for lids.
    for (const [x, y] of eyes)
      on.drawImage(flat, x - half * 0.15, y + half * 0.31, half * 0.3, half * 0.08, x - half * 0.3, y - half * 0.13, half * 0.6, half * 0.26)
    const shut = on.getImageData(0, 0, side, side)
    const way = (all) => all.map((degrees) => turned(plain, degrees))
    return { straight, shut, left: way([0, 10, 20, 28, 32, 35]), right: way([-20, -30, -37, -41, -43, -45]) }
  })()
  globalThis.puppet = async (step) => {
    const poses = await ready
    await rest(800)
    for (const one of step === 'blink' ? [poses.shut] : poses[step]) {
      pose = one
      await rest(step === 'blink' ? 1200 : 220)
    }
    // She stays so until the kiosk has seen it, however slow this machine is.
    const told = () => JSON.stringify(document.querySelector('[data-testid=challenge]')?.dataset)
    const before = told()
    for (let i = 0; step !== 'blink' && i < 60 && told() === before; i++) await rest(100)
    pose = poses.straight
  }
  const stream = canvas.captureStream(25)
  navigator.mediaDevices.getUserMedia = () => Promise.resolve(stream.clone())
}

async function shot(page, name) {
  if (!process.env.HAJIR_SHOTS) return
  await page.screenshot({ path: `${process.env.HAJIR_SHOTS}/${name}.png` })
}
