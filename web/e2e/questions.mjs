// Questions: a visitor asks on a phone, the admin gives it to a manager, who
// answers; the mail is written, the question published, and the next visitor
// finds the answer before asking.
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { account, setUp, signIn } from './door.mjs'

const secret = 'seven green parrots'

export async function questions({ step, device, server }) {
  const office = await device({ viewport: { width: 1280, height: 900 } })
  const dialog = office.getByRole('dialog')
  const phone = await device({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  const complaints = []
  phone.on('pageerror', (error) => complaints.push(String(error)))
  phone.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(message.text())
  })
  const add = async (name, role) => {
    await office.getByRole('link', { name: 'Employees', exact: true }).click()
    await office.getByRole('button', { name: 'Add an employee' }).first().click()
    await dialog.getByLabel('Name', { exact: true }).fill(name)
    if (role) {
      await dialog.getByRole('combobox', { name: 'Role' }).click()
      await office.getByRole('option', { name: role }).click()
    }
    await dialog.locator('input[type=password]').fill(secret)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await office.getByRole('heading', { name }).waitFor()
  }

  await step('without the page being on, nobody can tell that there is a company', async () => {
    await setUp(office, server)
    await add('Mona Lama', 'Manager')
    await add('Asha Rai')
    await phone.goto(`/ask/${account.username}`)
    await phone.getByRole('heading', { name: 'Nobody takes questions here' }).waitFor()
    const closed = await phone.locator('main').innerText()
    await phone.goto('/ask/nobody')
    await phone.getByRole('heading', { name: 'Nobody takes questions here' }).waitFor()
    assert.equal(await phone.locator('main').innerText(), closed)
  })

  await step('the admin turns it on, with categories', async () => {
    await office.getByRole('link', { name: 'Settings', exact: true }).click()
    const card = office.getByTestId('questions-card')
    await card.getByRole('switch', { name: 'Public page on' }).check()
    for (const category of ['Opening hours', 'Internships']) {
      await card.getByRole('combobox', { name: 'Categories' }).fill(category)
      await card.getByRole('combobox', { name: 'Categories' }).press('Enter')
    }
    await card.getByRole('button', { name: 'Save' }).click()
    await card.getByRole('link', { name: 'Open the page' }).waitFor()
    await shot(office, 'settings')
  })

  await step('a visitor is told what is missing, and asks', async () => {
    await phone.goto(`/ask/${account.username}`)
    await phone.getByRole('heading', { name: 'Ask Acme Foods' }).waitFor()
    await phone.getByRole('button', { name: 'Send the question' }).click()
    await phone.getByText('Write a little more: at least 10 characters.').waitFor()
    await phone.getByLabel('Your question').fill('When does your office open on Saturday?\n<b>My</b> number is 9812345678')
    await phone.getByLabel('Your name').fill('Bina')
    await phone.getByLabel('Your mail address').fill('bina@example')
    await phone.getByRole('combobox', { name: 'What is it about?' }).click()
    await phone.getByRole('option', { name: 'Opening hours' }).click()
    await phone.getByLabel('Your mail address').fill('bina@example.com')
    await shot(phone, 'ask')
    await phone.getByRole('button', { name: 'Send the question' }).click()
    await phone.getByTestId('asked').getByText('The answer will be sent to bina@example.com.').waitFor()
    await shot(phone, 'asked')
    assert.deepEqual(complaints, [])
  })

  await step('the admin sees it on the board, and gives it to a manager', async () => {
    await office.getByRole('link', { name: 'Today', exact: true }).click()
    await office.getByTestId('new-questions').getByText('1 new question').waitFor()
    await shot(office, 'board')
    await office.getByTestId('new-questions').click()
    await office.getByTestId('question').getByText('When does your office').waitFor()
    await shot(office, 'list')
    await office.getByTestId('question').getByRole('link').click()
    await office.getByTestId('question-text').getByText('<b>My</b> number').waitFor()
    await office.getByRole('combobox', { name: 'Who answers' }).click()
    await office.getByRole('option', { name: 'Mona Lama' }).click()
    await office.getByTestId('state').getByText('In progress').waitFor()
  })

  const mona = await device({ viewport: { width: 1280, height: 900 } })

  await step('the manager answers, and the answer is mailed', async () => {
    await signIn(mona, 'mona.lama', secret)
    await mona.getByRole('link', { name: 'Ask a question' }).click()
    await mona.getByRole('link', { name: 'Given to me (1)' }).click()
    await mona.getByTestId('question').getByRole('link').click()
    await mona.getByRole('textbox', { name: 'Answer' }).fill('At nine.\nOn Saturdays, too.')
    await mona.getByRole('button', { name: 'Answer', exact: true }).click()
    await mona.getByTestId('answer-card').getByText('Mona Lama answered').waitFor()
    const mail = await outbox(server, 'bina@example.com')
    assert.match(mail, /Mona Lama \(Acme Foods\) answers/)
    assert.match(mail, /At nine\./)
  })

  await step('the admin publishes it without what is private', async () => {
    await office.reload()
    await office.getByTestId('state').getByText('Answered').waitFor()
    const card = office.getByTestId('publish-card')
    await card.getByLabel('The question, as it is published').fill('When does your office open on Saturday?')
    await card.getByRole('button', { name: 'Publish' }).click()
    await card.getByText('Public since').waitFor()
    await shot(office, 'question')
  })

  await step('the next visitor finds the answer before asking', async () => {
    await phone.reload()
    await phone.getByTestId('published').getByText('When does your office open on Saturday?').waitFor()
    await phone.getByLabel('Your question').fill('When is your office open on Saturdays?')
    const found = phone.getByTestId('alike')
    await found.getByRole('button', { name: 'When does your office open' }).click()
    await found.getByText('On Saturdays, too.').waitFor()
    await shot(phone, 'alike')
    const text = await phone.locator('main').innerText()
    assert.ok(!/Bina|98123/.test(text), text)
    await phone.getByLabel('Your mail address').fill('carl@example.com')
    await phone.getByRole('button', { name: 'Send the question' }).click()
    await phone.getByTestId('asked').waitFor()
    await phone.getByPlaceholder('Search the answers').fill('"nine')
    await phone.getByTestId('published').waitFor()
    await phone.getByPlaceholder('Search the answers').fill('98123')
    await phone.getByText('No answer has these words').waitFor()
    assert.deepEqual(complaints, [])
  })

  await step('the duplicate is merged, and its asker gets the answer, too', async () => {
    await office.reload()
    await office.getByTestId('alike-card').getByRole('button', { name: 'Merge into this question' }).click()
    await office.getByTestId('merged-card').getByText('When is your office open on Saturdays?').waitFor()
    await shot(office, 'merged')
    assert.match(await outbox(server, 'carl@example.com'), /At nine\./)
  })

  await step('an employee asks, and reads the answer', async () => {
    const asha = await device({ viewport: { width: 390, height: 844 } })
    await signIn(asha, 'asha.rai', secret)
    await asha.getByRole('heading', { name: 'My days' }).waitFor()
    await asha.goto('/my-questions')
    await asha.getByLabel('Your question').fill('May I bring my dog to the office?')
    await asha.getByRole('button', { name: 'Send the question' }).click()
    await asha.getByTestId('own-question').getByText('Waiting for an answer').waitFor()
    await office.getByRole('link', { name: 'Questions', exact: true }).click()
    await office.getByLabel('Search').fill('dog')
    await office.getByTestId('question').filter({ hasText: 'dog' }).getByRole('link').click()
    await office.getByRole('textbox', { name: 'Answer' }).fill('Yes, on Fridays.')
    await office.getByRole('button', { name: 'Answer', exact: true }).click()
    await office.getByTestId('state').getByText('Answered').waitFor()
    await asha.reload()
    await asha.getByTestId('own-question').getByText('Yes, on Fridays.').waitFor()
    await shot(asha, 'own')
  })
}

/** Waits for a mail to somebody in the outbox, and returns it. */
async function outbox(server, to) {
  const dir = join(server.data, 'outbox')
  for (;;) {
    for (const name of await readdir(dir).catch(() => [])) {
      const text = await readFile(join(dir, name), 'utf8')
      if (text.includes(to)) return text.replaceAll('=\r\n', '')
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Keeps a picture of a page where HAJIR_SHOTS says, to be looked at. */
async function shot(page, name) {
  if (process.env.HAJIR_SHOTS) await page.screenshot({ path: join(process.env.HAJIR_SHOTS, `questions-${name}.png`), fullPage: true })
}
