// Imports: a company moves here. A file is looked at first, corrected, done, and
// done again; what it brought shows on the person's days.
import assert from 'node:assert/strict'

import { shots } from './browser.mjs'
import { setUp } from './door.mjs'

const csv = (name, lines) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n') + '\n') })

export async function imports({ step, device, server }) {
  const page = await device({ viewport: { width: 1280, height: 900 } })
  const choose = (file) => page.getByTestId('import-file').setInputFiles(file)
  const count = (outcome, text) => page.getByTestId(`count-${outcome}`).getByText(text, { exact: true }).waitFor()
  const ago = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

  await step('two people are there, and Settings leads to the import', async () => {
    await setUp(page, server)
    await page.getByRole('link', { name: 'Employees', exact: true }).click()
    for (const [name, username] of [['Asha Rai', 'asha.rai'], ['Bina Thapa', 'bina.thapa']]) {
      await page.getByRole('button', { name: 'Add', exact: true }).or(page.getByRole('button', { name: 'Add an employee' })).first().click()
      await page.getByLabel('Name', { exact: true }).fill(name)
      await page.getByRole('dialog').getByRole('button', { name: /^Add/ }).click()
      await page.getByRole('heading', { name, exact: true }).waitFor()
      assert.match(page.url(), new RegExp(username))
      await page.getByRole('link', { name: 'All employees' }).click()
    }
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('link', { name: 'Import', exact: true }).click()
    await page.getByRole('heading', { name: 'Import', exact: true }).waitFor()
    await page.getByText('Nothing was imported yet.').waitFor()
    await shots(page, 'imports-kinds')
  })

  await step('a file to begin with can be had', async () => {
    await page.getByTestId('kind-employees').click()
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download a file to begin with' }).click()
    assert.equal((await download).suggestedFilename(), 'employees.csv')
  })

  await step('people get codes; what cannot be is refused in words', async () => {
    await choose(csv('people.csv', ['username,code,department', 'asha.rai,1001,Kitchen', 'bina.thapa,1001,', 'nobody,7,']))
    await count('changed', '1 changed')
    await count('refused', '2 refused')
    await page.getByText('give each person one of their own').waitFor()
    await page.getByText('Nobody here has the username').waitFor()
    assert.equal(await page.getByTestId('import-changed').count(), 0)
    await page.getByRole('switch', { name: 'Only what wants a look' }).uncheck()
    await page.getByText('Department: – → Kitchen').or(page.getByText('Code: – → 1001; department: – → Kitchen.')).first().waitFor()
    await shots(page, 'imports-look')
    await choose(csv('people.csv', ['username,code,department', 'asha.rai,1001,Kitchen', 'bina.thapa,1002,']))
    await page.getByText('2 lines would be imported.').waitFor()
    await page.getByRole('button', { name: 'Import 2 lines' }).click()
    await page.getByTestId('import-report').getByText('2 lines were imported.').waitFor()
    await page.getByTestId('past-imports').getByText('people.csv').waitFor()
    await page.getByRole('button', { name: 'Done' }).click()
  })

  await step('a device’s dates are asked about, and its export is imported once', async () => {
    await page.getByTestId('kind-devices').click()
    const day = ago(3)
    const [y, m, d] = day.split('-')
    await choose(csv('odd.csv', ['code,time', '1001,03/04/2026 09:00']))
    await page.getByText('whether the day or the month comes first').waitFor()
    await page.getByText('Day first', { exact: true }).click()
    const file = csv('door.csv', [
      'AC-No.,Date/Time,State,Verify',
      `1001,${d}/${m}/${y} 17:03:12,C/Out,1`,
      `1001,${d}/${m}/${y} 09:58:40,C/In,1`,
      `1001,${d}/${m}/${y} 09:58:40,C/In,1`,
      `1002,${d}/${m}/${y} 10:04,C/Out,1`,
      `1009,${d}/${m}/${y} 10:04,C/In,1`,
    ])
    await choose(file)
    await count('new', '3 new')
    await count('same', '1 the same')
    await page.getByText('Columns that are not used: Verify.').waitFor()
    await page.getByText('The device says exit, but it counts as an entry').waitFor()
    await shots(page, 'imports-devices')
    await page.getByRole('button', { name: 'Import 3 lines' }).click()
    await page.getByTestId('import-report').getByText('3 lines were imported.').waitFor()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText('Day first', { exact: true }).click()
    await choose(file)
    await page.getByText('There is nothing to do.').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Import 0 lines' }).isDisabled(), true)
  })

  await step('past days show on the person’s page, with where they come from', async () => {
    await page.getByTestId('kind-days').click()
    const day = ago(4)
    await choose(csv('past.csv', ['username,date,entry,exit', `asha.rai,${day},22:00,06:10`]))
    await page.getByRole('button', { name: 'Import 1 line' }).click()
    await page.getByTestId('import-report').getByText('1 line was imported.').waitFor()
    await page.goto(`${server.url}/employees/asha.rai?month=${day.slice(0, 7)}`)
    await page.getByText('22:00', { exact: true }).first().waitFor()
    await page.getByText('Imported', { exact: true }).first().waitFor()
    await shots(page, 'imports-days')
  })

  await step('the audit log tells of it', async () => {
    await page.getByRole('link', { name: 'Audit log' }).click()
    await page.getByText(/imported a file/).first().waitFor()
  })
}
