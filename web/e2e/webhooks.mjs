// Webhooks: an address is added, tested and posted to; what it does not take is
// a dead letter, which is sent again.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'

import { shots } from './browser.mjs'
import { setUp } from './door.mjs'

/** A receiver that verifies what it is posted, and keeps it. */
async function receive() {
  const got = []
  const taken = { status: 204, secret: '' }
  const posted = new EventEmitter()
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const signed = `${request.headers['webhook-id']}.${request.headers['webhook-timestamp']}.${body}`
    const right = createHmac('sha256', Buffer.from(taken.secret.slice('whsec_'.length), 'base64')).update(signed).digest('base64')
    got.push({ ...JSON.parse(body), good: request.headers['webhook-signature'].split(' ').includes(`v1,${right}`) })
    posted.emit('one')
    response.writeHead(taken.status).end(taken.status === 204 ? undefined : 'Nobody lives here any more.')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}/hajir`,
    got,
    taken,
    close: () => server.close(),
    /** Waits until as many were posted. */
    until: async (count) => {
      while (got.length < count) await once(posted, 'one', { signal: AbortSignal.timeout(20_000) })
    },
  }
}

export async function webhooks({ step, device, server }) {
  const page = await device({ viewport: { width: 1280, height: 900 } })
  const receiver = await receive()
  const invite = async (name) => {
    await page.getByRole('link', { name: 'Employees', exact: true }).click()
    await page.getByRole('button', { name: 'Invite', exact: true }).first().click()
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByRole('dialog').getByRole('button', { name: 'Invite', exact: true }).click()
    await page.getByTestId('link-card').waitFor()
    await page.goto('/settings/webhooks')
  }

  try {
    await step('Settings leads to webhooks, and one is added', async () => {
      await setUp(page, server)
      await page.getByRole('link', { name: 'Settings' }).click()
      await page.getByRole('link', { name: 'Webhooks', exact: true }).click()
      await page.getByText('No webhooks yet').waitFor()
      await page.getByRole('button', { name: 'Add a webhook' }).click()
      const form = page.getByRole('dialog')
      await form.getByLabel('Address').fill('nowhere')
      await form.getByRole('button', { name: 'Add a webhook' }).click()
      await form.getByText('Type a whole address').waitFor()
      await form.getByLabel('Address').fill(receiver.url)
      await form.getByLabel('Name', { exact: true }).fill('Payroll')
      await form.getByRole('button', { name: 'None', exact: true }).click()
      await form.getByLabel('Invitation made').check()
      await shots(page, 'webhooks-form')
      await form.getByRole('button', { name: 'Add a webhook' }).click()
      receiver.taken.secret = await page.getByTestId('webhook-secret').inputValue()
      assert.match(receiver.taken.secret, /^whsec_/)
      await shots(page, 'webhooks-secret')
      await page.getByRole('button', { name: 'I have it' }).click()
      assert.equal(await page.getByText('whsec_').count(), 0)
    })

    await step('a test arrives, signed, and is in the log', async () => {
      await page.getByRole('button', { name: 'Post a test' }).click()
      await page.getByText('It answered 204').waitFor()
      assert.deepEqual(receiver.got.map(({ type, good }) => [type, good]), [['webhook.test', true]])
    })

    await step('what happens is posted; what is refused for good turns it off', async () => {
      await invite('Asha Rai')
      await receiver.until(2)
      receiver.taken.status = 410
      await invite('Bina Thapa')
      await receiver.until(3)
      const off = page.getByText('Turned off: it answered 410 Gone')
      const on = page.getByTestId('webhook-state').getByText('On', { exact: true })
      for (await off.or(on).first().waitFor(); !(await off.isVisible()); await off.or(on).first().waitFor()) await page.reload()
      await page.getByRole('button', { name: 'Log', exact: true }).click()
      await page.getByTestId('webhook-log').getByText('Nobody lives here any more.').waitFor()
      await shots(page, 'webhooks-gone')
      assert.deepEqual(receiver.got.map(({ type, good }) => [type, good]).slice(1), [['invitation.sent', true], ['invitation.sent', true]])
    })

    await step('turned on again, it gets the dead letter', async () => {
      receiver.taken.status = 204
      await page.getByRole('button', { name: 'Turn on' }).click()
      await page.getByTestId('webhook-state').getByText('On').waitFor()
      await page.goto('/settings/deliveries')
      await page.getByTestId('delivery').getByText('To Payroll').waitFor()
      await page.getByText('it answered 410 Gone').waitFor()
      await shots(page, 'deliveries')
      await page.getByRole('button', { name: 'Send all again' }).click()
      await page.getByTestId('confirm-yes').click()
      await page.getByText('1 delivery is tried again.').waitFor()
      await page.getByText('Nothing was given up').waitFor()
      await receiver.until(4)
      assert.equal(receiver.got[3].data.username, receiver.got[2].data.username)
    })

    await step('a new secret is shown once, and the webhook is deleted', async () => {
      await page.goto('/settings/webhooks')
      await page.getByRole('button', { name: 'New secret' }).click()
      await page.getByTestId('confirm-yes').click()
      assert.notEqual(await page.getByTestId('webhook-secret').inputValue(), receiver.taken.secret)
      await page.getByRole('button', { name: 'I have it' }).click()
      await page.getByText('The secret before signs, too').waitFor()
      await shots(page, 'webhooks')
      await page.getByRole('button', { name: 'Post a test' }).click()
      await page.getByText('It answered 204').waitFor()
      assert.equal(receiver.got[4].good, true)
      await page.getByRole('button', { name: 'Delete', exact: true }).click()
      await page.getByTestId('confirm-yes').click()
      await page.getByText('No webhooks yet').waitFor()
      await page.getByRole('link', { name: 'Audit log' }).click()
      await page.getByText('deleted a webhook').first().waitFor()
    })
  } finally {
    receiver.close()
  }
}
webhooks.flags = ['--webhook-networks', '127.0.0.1/32']
