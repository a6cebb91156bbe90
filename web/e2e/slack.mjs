// Slack: the admin connects a workspace and chooses a channel; somebody types
// /hajir, opens the link and says who they are; then they come by a page, since
// the company asks where they are.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { setUp } from './door.mjs'

const secret = 'seven green parrots'
const signing = 'a signing secret of a browser test'

// Slack itself, as far as it is asked here. internal/slack/slacktest is the one
// that looks closely.
const answers = {
  'oauth.v2.access': {
    ok: true, access_token: 'xoxb-1', token_type: 'bot', bot_user_id: 'UBOT', team: { id: 'T1', name: 'Himal Tea' },
    scope: 'channels:read,chat:write,chat:write.public,commands,groups:read,im:write',
  },
  'conversations.list': { ok: true, channels: [{ id: 'C1', name: 'general' }, { id: 'C2', name: 'attendance' }] },
  'chat.postMessage': { ok: true, channel: 'D1', ts: '1.000001' },
}
const waiting = []
const api = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    if (request.url === '/response') waiting.shift()?.(body)
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(answers[request.url.replace('/api/', '')] ?? { ok: true }))
  })
})
await new Promise((resolve) => api.listen(0, '127.0.0.1', resolve))
api.unref()
const base = `http://127.0.0.1:${api.address().port}`
const secrets = join(tmpdir(), `hajir-e2e-slack-${process.pid}`)
mkdirSync(secrets, { recursive: true })
writeFileSync(join(secrets, 'client'), 'a client secret')
writeFileSync(join(secrets, 'signing'), `${signing}\n`)

slack.flags = [
  '--slack-client-id', '1.2', '--slack-client-secret-file', join(secrets, 'client'),
  '--slack-signing-secret-file', join(secrets, 'signing'), '--slack-api-url', `${base}/api/`,
]

/** Types behind /hajir, and returns what is answered. */
async function type(server, text) {
  const answer = new Promise((resolve) => waiting.push(resolve))
  const body = new URLSearchParams({ team_id: 'T1', user_id: 'U1', command: '/hajir', text, trigger_id: 't', response_url: `${base}/response` }).toString()
  const stamp = String(Math.floor(Date.now() / 1000))
  const reply = await fetch(`${server.url}/api/v1/slack/commands`, {
    method: 'POST',
    body,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-Slack-Request-Timestamp': stamp,
      'X-Slack-Signature': `v0=${createHmac('sha256', signing).update(`v0:${stamp}:${body}`).digest('hex')}`,
    },
  })
  assert.equal(reply.status, 200)
  return answer
}

const pageIn = (answer, path) => new RegExp(`${path}#token=[\\w.-]+`).exec(answer)[0]

export async function slack({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 900 } })
  const dialog = office.getByRole('dialog')
  const phone = await device({
    viewport: { width: 390, height: 844 }, colorScheme: 'dark', permissions: ['geolocation'], geolocation: { latitude: 27.7172, longitude: 85.324, accuracy: 12 },
  })

  await step('the admin connects a workspace, and Slack leads back', async () => {
    await setUp(office, server)
    await office.getByRole('link', { name: 'Settings', exact: true }).click()
    await office.getByRole('link', { name: 'Set up Slack' }).click()
    await office.route('https://slack.com/**', (route) => {
      const asked = new URL(route.request().url())
      return route.fulfill({ status: 302, headers: { Location: `${server.url}/slack/installed?code=c&state=${asked.searchParams.get('state')}` } })
    })
    await office.getByRole('button', { name: 'Connect Slack' }).click()
    await office.getByRole('heading', { name: 'Slack is connected' }).waitFor()
    assert.equal(new URL(office.url()).search, '')
    await office.getByRole('link', { name: 'To the settings' }).click()
    await office.getByText('Connected with Himal Tea').waitFor()
  })

  await step('chooses a channel, and lets people come and go at a place', async () => {
    await office.getByRole('combobox', { name: 'Channel' }).click()
    await office.getByRole('option', { name: '#attendance' }).click()
    await office.getByRole('switch', { name: 'Come and go by Slack' }).check()
    await office.getByRole('switch', { name: 'Only at this place' }).check()
    await office.getByLabel('Latitude').fill('27.7172')
    await office.getByLabel('Longitude').fill('85.324')
    await office.getByTestId('slack-form').getByRole('button', { name: 'Save' }).click()
    await office.getByText('Saved').first().waitFor()
  })

  await step('somebody is asked who they are, and says it on the site', async () => {
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Add an employee' }).first().click()
    await dialog.getByLabel('Name', { exact: true }).fill('Asha Rai')
    await dialog.locator('input[type=password]').fill(secret)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await office.getByRole('heading', { name: 'Asha Rai' }).waitFor()
    await phone.goto(pageIn(await type(server, 'status'), '/slack/link'))
    await phone.getByRole('link', { name: 'Sign in' }).click()
    await phone.getByLabel('Username').fill('asha.rai')
    await phone.locator('input[type=password]').fill(secret)
    await phone.getByRole('button', { name: 'Sign in', exact: true }).click()
    await phone.getByText('Is U1 in the workspace Himal Tea you, Asha Rai?').waitFor()
    assert.equal(new URL(phone.url()).hash, '')
    await phone.getByRole('button', { name: 'Yes, that is me' }).click()
    await phone.getByRole('heading', { name: 'You are linked' }).waitFor()
    await phone.goto('/account')
    await phone.getByTestId('slack-own').getByText('You are U1 there').waitFor()
  })

  await step('and comes by the page that the command leads to', async () => {
    await phone.goto(pageIn(await type(server, 'in'), '/slack/punch'))
    await phone.getByRole('button', { name: 'I come' }).click()
    await phone.getByText('You are in since').waitFor()
    assert.match(await type(server, 'status'), /You are in/)
    await phone.goto('/')
    await phone.getByText('Slack').first().waitFor()
  })

  await step('the admin sees who is linked, and ends it', async () => {
    await office.goto('/settings/slack')
    await office.getByTestId('slack-linked').getByText('Asha Rai').waitFor()
    await office.getByRole('button', { name: 'Unlink Asha Rai' }).click()
    await dialog.getByRole('button', { name: 'Unlink', exact: true }).click()
    await office.getByText('Nobody yet').waitFor()
    assert.match(await type(server, 'status'), /does not know yet who you are/)
  })
}
