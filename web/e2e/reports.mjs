// Reports: the muster on the page and in files, a form of payroll files with its
// preview, and a person's own time sheet.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { inflateRawSync } from 'node:zlib'

import { setUp } from './door.mjs'

/** The text of one file of a ZIP archive. */
function unzip(archive, wanted) {
  let at = archive.lastIndexOf(Buffer.from('PK\x05\x06'))
  const count = archive.readUInt16LE(at + 10)
  at = archive.readUInt32LE(at + 16)
  for (let i = 0; i < count; i++) {
    const [size, name, extra, comment, header] = [20, 28, 30, 32, 42].map((o, n) =>
      n === 0 || n === 4 ? archive.readUInt32LE(at + o) : archive.readUInt16LE(at + o),
    )
    if (archive.toString('utf8', at + 46, at + 46 + name) === wanted) {
      const begin = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28)
      return inflateRawSync(archive.subarray(begin, begin + size)).toString()
    }
    at += 46 + name + extra + comment
  }
  throw new Error(`the archive has no ${wanted}`)
}

export async function reports({ step, device, server }) {
  const page = await device({ viewport: { width: 1280, height: 900 }, acceptDownloads: true })
  const dialog = page.getByRole('dialog')
  const saved = async (begin) => {
    const [download] = await Promise.all([page.waitForEvent('download'), begin()])
    return { name: download.suggestedFilename(), content: await readFile(await download.path()) }
  }
  const take = (form) =>
    saved(async () => {
      await page.getByRole('button', { name: 'Download' }).click()
      await page.getByRole('menuitem', { name: form, exact: true }).click()
    })
  let worked = ''

  await step('the muster shows everybody and the last month', async () => {
    await setUp(page, server, { demo: true })
    await page.getByTestId('demo-banner').waitFor()
    await page.getByRole('link', { name: 'Reports', exact: true }).click()
    await page.getByRole('heading', { name: 'Muster' }).waitFor()
    await page.getByRole('button', { name: 'The month before' }).click()
    await page.getByTestId('report-count').getByText(/^\d+ people$/).waitFor()
    worked = await page.locator('tfoot td').nth(-4).innerText()
    assert.match(worked, /^\d+:\d\d$/)
  })

  await step('its files have the same people and sums', async () => {
    const people = parseInt(await page.getByTestId('report-count').innerText())
    const csv = await take('CSV')
    assert.match(csv.name, /^muster-[a-z.-]+-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/)
    const lines = csv.content.toString().trim().split('\r\n')
    assert.equal(lines.length, people + 1)
    const sum = lines
      .slice(1)
      .map((line) => line.split(',').at(-4).split(':').map(Number))
      .reduce((all, [hours, minutes]) => all + 60 * hours + minutes, 0)
    assert.equal(`${Math.floor(sum / 60)}:${String(sum % 60).padStart(2, '0')}`, worked)
    const xlsx = await take('Excel (XLSX)')
    assert.match(xlsx.name, /\.xlsx$/)
    const sheet = unzip(xlsx.content, 'xl/worksheets/sheet1.xml')
    assert.ok(sheet.includes('Muster, Acme Foods') && sheet.includes('Asia/Kathmandu'), 'the title is missing')
    assert.equal(sheet.match(/<row /g).length, people + 6)
  })

  await step('a department, and another report, can be chosen', async () => {
    await page.getByRole('combobox', { name: 'Department' }).click()
    const department = page.getByRole('option').first()
    const name = await department.innerText()
    await department.click()
    await page.getByTestId('report-count').getByText(/^\d people$/).waitFor()
    const shown = await page.locator('tbody tr[data-testid] td:nth-child(3)').allInnerTexts()
    assert.deepEqual([...new Set(shown)], [name])
    await page.getByRole('combobox', { name: 'Report', exact: true }).click()
    await page.getByRole('option', { name: 'Absences and leave' }).click()
    await page.getByRole('heading', { name: 'Absences and leave' }).waitFor()
  })

  await step('a form of payroll files is made, with a preview, and exported', async () => {
    await page.goto('/reports?report=payroll')
    await page.getByRole('button', { name: 'Add a form' }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('Tally')
    await dialog.getByLabel('Header of column 1').fill('Employee No.')
    await dialog.getByTestId('payroll-preview').getByRole('columnheader', { name: 'Employee No.' }).waitFor()
    await dialog.getByTestId('payroll-preview').getByRole('cell', { name: 'E001' }).waitFor()
    await dialog.getByRole('combobox', { name: 'Cells are separated by' }).click()
    await page.getByRole('option', { name: 'Semicolon' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'hidden' })
    const file = await saved(() => page.getByRole('button', { name: 'Export' }).click())
    assert.match(file.name, /^payroll-[a-z.-]+-tally-[\d-]+\.csv$/)
    assert.ok(file.content.toString().startsWith('Employee No.;Name;Days payable;'), file.content.toString().slice(0, 80))
  })

  await step('a time sheet is taken from a person’s page', async () => {
    await page.goto('/employees')
    await page.locator('a.row-link').first().click()
    const file = await saved(async () => {
      await page.getByRole('button', { name: 'Time sheet' }).click()
      await page.getByRole('menuitem', { name: 'CSV for Excel' }).click()
    })
    assert.match(file.name, /^time-sheet-.*\.csv$/)
    assert.ok(file.content.toString().startsWith('\ufeffDate,Status,'), 'the mark is missing')
    await page.goto('/audit')
    await page.getByText('exported a report').first().waitFor()
  })
}
