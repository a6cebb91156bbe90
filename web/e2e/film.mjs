// Pictures and a film of one person, made from a sample picture of four. The
// browser itself crops and encodes, so that no picture library is needed.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { launch } from './browser.mjs'

const FPS = 30 // what Chromium plays an MJPEG file at
const SECONDS_THERE = 5
const SECONDS_GONE = 4

export async function film(chromium, samples, work) {
  const group = join(samples, 'sample6.jpg')
  const browser = await launch(chromium)
  try {
    const page = await browser.newPage()
    const sample = `data:image/jpeg;base64,${(await readFile(group)).toString('base64')}`
    const encoded = await page.evaluate(async (source) => {
      const image = new Image()
      image.src = source
      await image.decode()
      const crop = async (x, y, width, height, toWidth, toHeight, filter = 'none') => {
        const canvas = document.createElement('canvas')
        canvas.width = toWidth
        canvas.height = toHeight
        const context = canvas.getContext('2d')
        context.fillStyle = '#8a8f94'
        context.fillRect(0, 0, toWidth, toHeight)
        context.filter = filter
        if (width > 0) context.drawImage(image, x, y, width, height, 0, 0, toWidth, toHeight)
        return canvas.toDataURL('image/jpeg', 0.9).split(',')[1]
      }
      return {
        // Of the second woman: for enrolling, and as she stands at the door.
        portrait: await crop(560, 380, 400, 400, 600, 600),
        there: [
          await crop(500, 330, 600, 450, 640, 480, 'brightness(0.95)'),
          await crop(504, 332, 600, 450, 640, 480, 'brightness(0.97)'),
        ],
        gone: [await crop(0, 0, 0, 0, 640, 480)],
      }
    }, sample)
    const bytes = (text) => Buffer.from(text, 'base64')
    const portrait = join(work, 'portrait.jpg')
    const video = join(work, 'door.mjpeg')
    await writeFile(portrait, bytes(encoded.portrait))
    const notes = join(work, 'notes.jpg')
    await writeFile(notes, 'not a picture, whatever its name says')
    // An MJPEG file is JPEG files one after the other.
    const frames = []
    for (let i = 0; i < FPS * SECONDS_THERE; i++) frames.push(bytes(encoded.there[i % 2]))
    for (let i = 0; i < FPS * SECONDS_GONE; i++) frames.push(bytes(encoded.gone[0]))
    await writeFile(video, Buffer.concat(frames))
    return { group, portrait, notes, video }
  } finally {
    await browser.close()
  }
}
