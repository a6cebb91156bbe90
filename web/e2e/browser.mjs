import { chromium } from 'playwright-core'

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts a browser; with a video, that is what its camera sees, over and over. */
export function launch(executablePath, video) {
  const camera = video
    ? [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${video}`,
      ]
    : []
  return chromium.launch({ executablePath, args: [...QUIET, ...camera] })
}

/** Loads the page at an address as a browser does that was never there, and returns
 * how many bytes of script came over the line for it, without what finds faces, which
 * is fetched after a kiosk works. */
export async function scriptBytes(page, address, ready) {
  const network = await page.context().newCDPSession(page)
  await network.send('Network.setCacheDisabled', { cacheDisabled: true })
  await page.goto(address)
  await ready(page)
  const sizes = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => /(?<!\/assets\/vision[\w-]*)\.js$/.test(new URL(entry.name).pathname))
      .map((entry) => [entry.name, entry.encodedBodySize]),
  )
  await network.detach()
  const total = Object.values(Object.fromEntries(sizes)).reduce((sum, size) => sum + size, 0)
  if (total === 0) throw new Error('no script was loaded')
  if (process.env.SIZES) console.log(sizes.map(([n, b]) => `${b} ${n.split('/').pop()}`).join('\n'))
  return total
}

/** Keeps a picture of the page for who wants to look, when HAJIR_SHOTS names a folder. */
export async function shot(page, name) {
  if (process.env.HAJIR_SHOTS) await page.screenshot({ path: `${process.env.HAJIR_SHOTS}/${name}.png`, fullPage: true })
}

/** Keeps it in light, in dark, and on a phone. */
export async function shots(page, name) {
  if (!process.env.HAJIR_SHOTS) return
  for (const [suffix, size, scheme] of [
    ['', { width: 1280, height: 900 }, 'light'],
    ['-dark', { width: 1280, height: 900 }, 'dark'],
    ['-narrow', { width: 390, height: 844 }, 'light'],
  ]) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme: scheme })
    await page.waitForTimeout(250)
    await shot(page, `${name}${suffix}`)
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
}
