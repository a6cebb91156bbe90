// Browser tests: the built program, a real browser, and a video of a face in
// place of a camera. `npm run e2e` runs them; read door.mjs for the story.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { twoFactor } from './account.mjs'
import { audit } from './audit.mjs'
import { away } from './away.mjs'
import { launch } from './browser.mjs'
import { calendarBs } from './calendar-bs.mjs'
import { calendar } from './calendar.mjs'
import { challenge } from './challenge.mjs'
import { consent } from './consent.mjs'
import { corrections } from './corrections.mjs'
import { demo } from './demo.mjs'
import { door } from './door.mjs'
import { film } from './film.mjs'
import { guided } from './guided.mjs'
import { imports } from './imports.mjs'
import { join as joining } from './join.mjs'
import { kiosk } from './kiosk.mjs'
import { leave } from './leave.mjs'
import { mails } from './mails.mjs'
import { reports } from './reports.mjs'
import { roles } from './roles.mjs'
import { models } from './models.mjs'
import { passkey } from './passkey.mjs'
import { reset } from './reset.mjs'
import { health } from './health.mjs'
import { review } from './review.mjs'
import { questions } from './questions.mjs'
import { picture } from './picture.mjs'
import { serve } from './server.mjs'
import { slack } from './slack.mjs'
import { signUp } from './sign-up.mjs'
import { shifts } from './shifts.mjs'
import { webhooks } from './webhooks.mjs'

/** Ends a scenario whose step has failed: the later ones build on it. */
class Stop extends Error {}

const here = import.meta.dirname
const chromium = process.env.CHROMIUM || '/usr/bin/chromium'
const bin = resolve(process.env.HAJIR_BIN || join(here, '../../bin/hajir'))
const samples = resolve(process.env.HAJIR_SAMPLES || join(here, '../../models/dist/samples'))
const results = join(here, '../test-results')

const missing = [
  [chromium, 'a browser: `apt-get install chromium`, or set CHROMIUM'],
  [bin, 'the program: `make build`, or set HAJIR_BIN'],
  [join(samples, 'sample6.jpg'), 'sample pictures: `make models`, or set HAJIR_SAMPLES'],
].filter(([path]) => !existsSync(path))

if (missing.length > 0) {
  for (const [path, what] of missing) console.log(`SKIPPED: ${path} is missing; the browser tests need ${what}`)
  console.log('0 passed, 0 failed, all skipped')
  process.exit(0)
}

const all = {
  away, calendar, calendarBs, consent, corrections, door, demo, audit, guided, imports, join: joining, kiosk, leave, passkey, picture, questions, reports, reset, review, roles, shifts, signUp, twoFactor, webhooks, mails, slack, models, challenge, health,
}
// `npm run e2e -- demo` runs that one alone.
const only = process.argv.slice(2)
// It films somebody while it runs, which a busy machine does too slowly.
const onlyByName = ['challenge']
const scenarios = Object.fromEntries(
  Object.entries(all).filter(([name]) => (only.length === 0 ? !onlyByName.includes(name) : only.includes(name))),
)
if (only.length === 0) for (const name of onlyByName) console.log(`SKIPPED: ${name}; run it alone: npm run e2e -- ${name}`)
const count = { passed: 0, failed: 0 }
const work = await mkdtemp(join(tmpdir(), 'hajir-e2e-'))
await rm(results, { recursive: true, force: true })
const pictures = await film(chromium, samples, work)

/** One scenario, with a program and a browser of its own. */
async function play(name, scenario) {
  const server = await serve(bin, join(work, name), scenario.flags)
  const browser = await launch(chromium, pictures.video)
  const pages = []
  const step = async (title, work) => {
    const started = Date.now()
    try {
      await work()
      count.passed++
      console.log(`ok    ${name}: ${title} (${Date.now() - started} ms)`)
    } catch (error) {
      count.failed++
      console.log(`FAIL  ${name}: ${title}\n${indent(error.stack ?? String(error))}`)
      throw new Stop()
    }
  }
  /** A page in a browser profile of its own, as another device would be. */
  const device = async (options = {}) => {
    const context = await browser.newContext({ baseURL: server.url, permissions: ['camera'], ...options })
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    pages.push(page)
    return page
  }
  try {
    await scenario({ step, device, server, pictures, pages })
  } catch (error) {
    if (!(error instanceof Stop)) {
      count.failed++
      console.log(`FAIL  ${name}\n${indent(error.stack ?? String(error))}`)
    }
    await mkdir(results, { recursive: true })
    for (const [index, page] of pages.entries())
      await page.screenshot({ path: join(results, `${name}-${index}.png`) }).catch(() => {})
    console.log(indent(`screenshots in ${results}\nthe program said:\n${server.log()}`))
  } finally {
    await browser.close()
    await server.stop()
  }
}

// Much of a scenario is waiting: two are played beside each other.
const waiting = Object.entries(scenarios)
const player = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await play(...next)
}
await Promise.all([player(), player()])

await rm(work, { recursive: true, force: true })
console.log(`${count.passed} passed, ${count.failed} failed`)
process.exit(count.failed > 0 ? 1 : 0)

function indent(text) {
  return text.replace(/^/gm, '      ')
}
